"""Makes the reference pages of the docs from the code, each time they are built: mkdocs calls `on_files`.

What a page says stands in the code: in the help of options, in docstrings and their `Attributes`, in the fields' own
limits. Where the code says nothing of something, the build fails, and names it.

.venv/bin/python scripts/docs_reference.py PAGE   # prints one, such as reference/metrics.md
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import sys
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import annotated_types
import griffe
import typer.main
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from typer import Context

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ("synthgym", "registry", "envs", "agents", "train")

PYTHON = {
    "synthgym": "synthgym",
    "sandboxes": "synthgym.envs.sandboxes.base",
    "trajectories": "synthgym.agents.trajectories.trajectory",
    "aup": "synthgym.train.evaluation.aup",
    "trl": "synthgym.train.trl",
    "serving": "synthgym.train.serving",
    "sft": "synthgym.train.sft.run",
}
"""Pages of the Python reference, and the module whose public names each has."""

SETTINGS = {
    "challenge": {"": "synthgym.registry.challenge:Challenge"},
    "agents": {
        "ChatSettings": "synthgym.agents.chat.agent:ChatSettings",
        "Serving": "synthgym.train.serving.settings:Serving",
    },
    "training": {
        "sft": "synthgym.train.sft.settings:SFTSettings",
        "rl": "synthgym.train.rl.settings:RLSettings",
        "iterate": "synthgym.train.rl.settings:IterateSettings",
    },
}
"""Pages of settings: the models on each, and what their tables are called."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the pages to those that lie in `docs/`."""
    for uri, text in pages().items():
        files.append(File.generated(config, uri, content=text))
    return files


class ExamplesAreCode(griffe.Extension):
    """For mkdocstrings: an `Example` of ours is what Google's style calls `Examples`, code as at a prompt."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Called for everything that was read."""
        if obj.docstring:
            obj.docstring.value = obj.docstring.value.replace("\nExample:\n", "\nExamples:\n")


def pages() -> dict[str, str]:
    """Every page of the reference, by its place in `docs/`."""
    made = {
        "index": index(),
        "commands": commands(),
        "challenge": challenge(),
        "info": info(),
        "agents": agents(),
        "training": training(),
        "metrics": metrics(),
        "errors": errors(),
        **{f"python/{page}": python(module) for page, module in PYTHON.items()},
    }
    return {f"reference/{name}.md": text for name, text in made.items()}


# -- Pages -------------------------------------------------------------------------------------------------------------


def index() -> str:
    """What there is to look up."""
    return """# Reference

Made from the code, each time these pages are built.

| to look up | page |
| --- | --- |
| a command and its options | [Commands](commands.md) |
| a field of `challenge.yaml` | [challenge.yaml](challenge.md) |
| what `info` tells | [info](info.md) |
| how a model is asked, and served | [Settings of agents](agents.md) |
| a setting of a recipe | [Settings of training](training.md) |
| a metric | [Metrics](metrics.md) |
| an error, and what to do | [Errors](errors.md) |
| a function or a class | [Python](python/synthgym.md) |
| a word | [Glossary](../glossary.md) |
"""


def commands() -> str:
    """Every command, with its arguments and options as `--help` tells them."""
    codes = paragraph("synthgym.cli.main", "Exit codes")
    text = f"# Commands\n\nOptions that take several values (`…`) take them in one go: `--envs A B`.\n\n{codes}\n"
    for name, command in every_command():
        context = Context(command, info_name=f"synthgym {name}")
        text += f"\n## `synthgym {name}` {{ #{name.replace(' ', '-')} }}\n\n{command.help}\n"
        text += f"\n```text\n{command.get_usage(context).removeprefix('Usage: ')}\n```\n"
        rows = [parameter(each, context, name) for each in command.params]
        if rows:
            text += "\n| | means |\n| --- | --- |\n" + "".join(rows)
    return text


def every_command() -> Iterator[tuple[str, Any]]:
    """All commands by their names, those of groups as `train sft`."""
    from synthgym.cli.main import app

    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        below = getattr(command, "commands", None)
        if below is None:
            yield name, command
        else:
            yield from ((f"{name} {each}", sub) for each, sub in below.items())


def parameter(each: Any, context: Context, command: str) -> str:
    """A row for an argument or an option."""
    record = each.get_help_record(context)
    if not record or not each.help:
        raise SystemExit(f"synthgym {command}: {each.opts[-1]} has no help")
    return f"| {code(record[0])} | {cell(record[1])} |\n"


def challenge() -> str:
    """`challenge.yaml`, field by field."""
    return f"# challenge.yaml\n\n{introduction('synthgym.registry.challenge')}\n" + settings_of("challenge")


def info() -> str:
    """What `info` tells."""
    from synthgym.envs.infos import EpisodeInfo, SubmissionInfo, VectorInfo
    from synthgym.envs.mlgym.infos import MLGymInfo

    text = f"# info\n\n{introduction('synthgym.envs.infos')}\n"
    for each in (EpisodeInfo, SubmissionInfo, MLGymInfo, VectorInfo):
        hints, said = typing.get_type_hints(each), attributes(each)
        rows = [f"| `{name}` | {kind(hints[name])} | {said[name]} |\n" for name in described(each, hints)]
        text += f"\n## {summary(each).rstrip('.')}\n\n| key | is | tells |\n| --- | --- | --- |\n" + "".join(rows)
    return text


def agents() -> str:
    """Every form and every setting of an agent's spec."""
    chat, serving = ("synthgym.agents.specs", "synthgym.train.serving.specs")
    return (
        f"# Settings of agents\n\nWhat `--agent` and `--agents` take, and what stands behind `?` in it.\n\n"
        f"{introduction(chat)}\n\n{introduction(serving)}\n" + settings_of("agents")
    )


def training() -> str:
    """Every setting of a recipe."""
    text = "# Settings of training\n\nWhat a recipe holds, and what `--set NAME=VALUE` changes.\n"
    return text + settings_of("training")


def metrics() -> str:
    """Every metric that comes with synthgym."""
    from synthgym.registry.metrics import METRICS

    rows = []
    for each in METRICS.values():
        fewest, most = each.column_range
        columns = str(fewest) if fewest == most else f"{fewest} or more" if most is None else f"{fewest} to {most}"
        worst = "" if each.worst is None else f"{each.worst:.4g}"
        cells = [f"`{each.name}`", summary(each.fn), each.kind, columns, each.direction, worst, f"{each.optimum:g}"]
        rows.append(f"| {' | '.join(cells)} |\n")
    head = "| metric | | of | columns | better | worst | best |\n| --- | --- | --- | --- | --- | ---: | ---: |\n"
    return f"# Metrics\n\n{introduction('synthgym.registry.metrics')}\n\n{head}" + "".join(rows)


def errors() -> str:
    """Every error that is raised on purpose, under what it is a kind of."""
    found = error_classes()
    kinds: dict[str, list[str]] = {name: [] for name in found}
    for name, (bases, _, _) in found.items():
        for base in bases:
            kinds.get(base, []).append(name)
    text = f"# Errors\n\n{introduction('synthgym.base.errors')}\n"

    def told(name: str, depth: int) -> str:
        _, said, module = found[name]
        place = "" if module == "synthgym.base.errors" else f" (`{module}`)"
        line = f"{'    ' * depth}- `{name}`{place}: {said}\n"
        return line + "".join(told(each, depth + 1) for each in kinds[name])

    return (
        text
        + "\n## All of them\n\nIn `synthgym.errors`, or in the module that is named.\n\n"
        + told("SynthgymError", 0)
    )


def error_classes() -> dict[str, tuple[list[str], str, str]]:
    """Bases, first sentence and module of every public error, read from the sources: nothing is imported for it."""
    classes: dict[str, tuple[list[str], str, str]] = {}
    for path in sources():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                bases = [base.id for base in node.bases if isinstance(base, ast.Name)]
                said = first_paragraph(ast.get_docstring(node) or "")
                classes[node.name] = (bases, said, module_of(path))
    found = {"SynthgymError"}
    while more := {name for name, (bases, _, _) in classes.items() if found & {*bases}} - found:
        found |= more
    return {name: classes[name] for name in classes if name in found}


def python(module: str) -> str:
    """The public names of a module; mkdocstrings tells what they are."""
    tree = ast.parse((ROOT / place_of(module)).read_text(encoding="utf-8"))
    text = f"# {module}\n\n{introduction(module)}\n"
    for name in public_names(tree):
        if name == "errors":
            text += "\n## errors\n\nSee [Errors](../errors.md).\n"
        else:
            text += f"\n::: {module}.{name}\n"
    return text


# -- What the code says ------------------------------------------------------------------------------------------------


def settings_of(page: str) -> str:
    """Tables of a page's models and of those within them, each once."""
    shown: dict[type[BaseModel], str] = {}
    text = ""
    for title, target in SETTINGS[page].items():
        module, _, name = target.partition(":")
        text += table_of(getattr(importlib.import_module(module), name), title, shown)
    return text


def table_of(model: type[BaseModel], title: str, shown: dict[type[BaseModel], str]) -> str:
    """A model's fields, and below them those of the models that they hold."""
    shown[model] = title
    said, rows, below = attributes(model), [], ""
    for name in described(model, model.model_fields):
        field, place = model.model_fields[name], f"{title}.{name}".lstrip(".")
        for each in parts(field.annotation):
            if isinstance(each, type) and issubclass(each, BaseModel):
                below += f"\n`{place}` has the fields of `{shown[each]}`.\n" if each in shown else ""
                below += "" if each in shown else table_of(each, place, shown)
        rows.append(f"| `{name}` | {kind(field.annotation, limits(field))} | {default(field)} | {said[name]} |\n")
    head = f"\n## {f'`{title}`' if title else 'The file'}\n\n{summary(model)}\n"
    return head + "\n| field | is | default | |\n| --- | --- | --- | --- |\n" + "".join(rows) + below


def described(model: type, names: typing.Iterable[str]) -> list[str]:
    """The names, each of which the class has to describe."""
    silent = [name for name in names if name not in attributes(model)]
    if silent:
        raise SystemExit(f"{model.__module__}.{model.__name__}: nothing is said of {', '.join(silent)}")
    return list(names)


def attributes(model: type) -> dict[str, str]:
    """What the docstrings of a class and of those above it say of its attributes."""
    found: dict[str, str] = {}
    for each in reversed(model.__mro__):
        text = griffe.Docstring(inspect.cleandoc(vars(each).get("__doc__") or ""))
        for section in text.parse("google", warnings=False):
            if section.kind is griffe.DocstringSectionKind.attributes:
                found |= {item.name: cell(item.description) for item in section.value}
    return found


def summary(of: Any) -> str:
    """The first paragraph of what something says of itself."""
    text = first_paragraph(inspect.getdoc(of) or "")
    if not text:
        raise SystemExit(f"{of.__module__}.{of.__qualname__}: it says nothing of itself")
    return cell(text)


def introduction(module: str) -> str:
    """A module's docstring as Markdown."""
    text = ast.get_docstring(ast.parse((ROOT / place_of(module)).read_text(encoding="utf-8"))) or ""
    return as_markdown(text)


def paragraph(module: str, begins: str) -> str:
    """The paragraph of a module's docstring that begins so."""
    return next(each for each in introduction(module).split("\n\n") if each.startswith(begins))


def as_markdown(text: str) -> str:
    """A docstring as Markdown: examples are code, tables of reStructuredText too."""
    made = []
    for block in text.split("\n\n"):
        lines = block.splitlines()
        if all(line.startswith("    ") for line in lines):
            made.append(example(inspect.cleandoc(block).replace("``", "")))
        elif lines and set(lines[0]) <= {"=", " "}:
            made.append(rst_table(lines))
        else:
            made.append(block.replace("``", "`").removesuffix("::").rstrip(":") + (":" if block.endswith(":") else ""))
    return "\n\n".join(made)


def example(text: str) -> str:
    """An indented block: at a prompt, words and what they mean, or else as it is."""
    rows = [re.fullmatch(r"(\S+(?: \S+)*) {2,}(\S.*)", line) for line in text.splitlines()]
    if text.startswith(">>>") or not all(rows):
        return f"```{'pycon' if text.startswith('>>>') else 'text'}\n{text}\n```"
    return "\n".join(
        ["| form | means |", "| --- | --- |", *(f"| {code(row[1])} | {cell(row[2])} |" for row in rows if row)]
    )


def rst_table(lines: list[str]) -> str:
    """A simple table of reStructuredText, of two columns."""
    second = lines[0].index(" =") + 1
    rows: list[list[str]] = []
    for line in lines:
        if set(line) <= {"=", " "}:
            continue
        if line[:second].strip():
            rows.append([line[:second], line[second:]])
        else:  # goes on with the row above
            rows[-1][1] += f" {line[second:]}"
    cells = [f"| {cell(left)} | {cell(right)} |" for left, right in rows]
    return "\n".join([cells[0], "| --- | --- |", *cells[1:]])


def first_paragraph(text: str) -> str:
    """In one line."""
    return " ".join(text.split("\n\n")[0].split()).replace("``", "`")


def kind(annotation: Any, limited: str = "") -> str:
    """A type in words."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation is None or annotation is types.NoneType:
        return "none"
    if origin is typing.Annotated:
        return kind(arguments[0], limited)
    if origin is Literal:
        return ", ".join(f"`{each}`" for each in arguments)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(kind(each, limited if each is arguments[0] else "") for each in arguments)
    if origin is list:
        return f"list of {kind(arguments[0])}s"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel | dict):
        return "fields, see below"
    words = {int: "whole number", float: "number", str: "text", bool: "true or false"}
    return " ".join([words.get(annotation, str(getattr(annotation, "__name__", annotation))), limited]).strip()


def parts(annotation: Any) -> Iterator[Any]:
    """A type and all types within it."""
    yield annotation
    for each in get_args(annotation):
        yield from parts(each)


def limits(field: FieldInfo) -> str:
    """What a number may be."""
    signs = {annotated_types.Gt: ">", annotated_types.Ge: "≥", annotated_types.Lt: "<", annotated_types.Le: "≤"}
    found = []
    for each in field.metadata:
        if sign := signs.get(type(each)):
            value = getattr(each, type(each).__name__.lower())
            found.append(f"{sign} {int(value) if value == int(value) < 1e15 else value:,}")
        if isinstance(each, annotated_types.MaxLen):
            found.append(f"of at most {each.max_length:,}{' characters' if field.annotation is str else ''}")
    return ", ".join(found)


def default(field: FieldInfo) -> str:
    """What a field is when nothing is said."""
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, BaseModel) or value in ("", []):
        return ""
    words: dict[Any, str] = {None: "none", True: "`true`", False: "`false`"}
    return words[value] if value is None or isinstance(value, bool) else f"`{value}`"


def code(text: str) -> str:
    """Code in a cell of a table, where a `|` between backticks parts nothing."""
    return f"`{text}`"


def cell(text: str) -> str:
    """Text in a cell of a table."""
    words = " ".join(text.split()).replace("``", "`").split("`")
    return "`".join(part if at % 2 else plain(part) for at, part in enumerate(words))


def plain(text: str) -> str:
    """Text that stands for itself in Markdown's tables."""
    return text.replace("<", "&lt;").replace("*", "\\*").replace("|", "\\|")


def public_names(tree: ast.Module) -> list[str]:
    """`__all__`, or else the classes and functions without an underscore."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            return list(ast.literal_eval(node.value))
    named = (ast.ClassDef, ast.FunctionDef)
    return [node.name for node in tree.body if isinstance(node, named) and not node.name.startswith("_")]


def place_of(module: str) -> Path:
    """The file of a module, seen from the repository."""
    path = Path(*module.split("."))
    return path / "__init__.py" if (ROOT / path).is_dir() else path.with_suffix(".py")


def sources() -> Iterator[Path]:
    """All modules."""
    for floor in FLOORS:
        yield from (path for path in sorted((ROOT / floor).rglob("*.py")) if "core" not in path.relative_to(ROOT).parts)


def module_of(path: Path) -> str:
    """What a file is imported as."""
    names = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(names if names[0] == "synthgym" else ("synthgym", *names)).removesuffix(".__init__")


if __name__ == "__main__":
    print(pages()[sys.argv[1]])
