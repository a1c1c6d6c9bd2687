"""Makes the reference pages of the docs from the code, each time they are built: mkdocs calls `on_files`.

What a page says stands in the code: in the help of options, in docstrings and their `Attributes`, in the fields' own
limits. Where the code says nothing of something, the build fails, and names it.

.venv/bin/python scripts/docs/reference.py PAGE   # prints one, such as reference/metrics.md
"""

from __future__ import annotations

import ast
import sys
import typing
from collections.abc import Iterator
from typing import Any

import typer.main
from docstrings import cell, code, first_paragraph, introduction, paragraph, summary
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from model_tables import attributes, described, kind, settings_of
from source_files import ROOT, error_classes, place_of, public_names
from typer import Context

PYTHON = {
    "synthgym": "synthgym",
    "sandboxes": "synthgym.envs.sandboxes.base",
    "backends": "synthgym.envs.sandboxes.capabilities",
    "trajectories": "synthgym.agents.trajectories.trajectory",
    "aup": "synthgym.train.evaluation.aup",
    "trl": "synthgym.train.trl",
    "serving": "synthgym.train.serving",
    "sft": "synthgym.train.sft.run",
}
"""Pages of the Python reference, and the module whose public names each has."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the pages to those that lie in `docs/`."""
    for uri, text in pages().items():
        files.append(File.generated(config, uri, content=text))
    return files


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
        what = "a score" if each.ranks else {"label": "a label", "value": "a number"}.get(each.kind, "probabilities")
        worst = "none" if each.worst is None else f"{each.worst:.4g}"
        cells = [f"`{each.name}`", summary(each.fn), what, each.expected_columns, each.direction, worst]
        rows.append(f"| {' | '.join(cells)} | {each.optimum:g} |\n")
    columns = ["metric", "", "what is submitted", "columns", "better", "worst", "best"]
    head = f"| {' | '.join(columns)} |\n| --- | --- | --- | --- | --- | ---: | ---: |\n"
    own = "".join(f"\n::: synthgym.registry.metrics.{name}\n" for name in ("register_metric", "MetricDef"))
    return f"# Metrics\n\n{introduction('synthgym.registry.metrics')}\n\n{head}{''.join(rows)}{own}"


def errors() -> str:
    """Every error that is raised on purpose, under what it is a kind of."""
    found = error_classes()
    kinds: dict[str, list[str]] = {name: [] for name in found}
    for name, (bases, _, _) in found.items():
        for base in bases:
            kinds.get(base, []).append(name)
    head = f"# Errors\n\n{introduction('synthgym.base.errors')}\n"

    def told(name: str, depth: int) -> str:
        _, text, module = found[name]
        place = "" if module == "synthgym.base.errors" else f" (`{module}`)"
        line = f"{'    ' * depth}- `{name}`{place}: {first_paragraph(text)}\n"
        return line + "".join(told(each, depth + 1) for each in kinds[name])

    where = "In `synthgym.errors`, or in the module that is named."
    return f"{head}\n## All of them\n\n{where}\n\n{told('SynthgymError', 0)}"


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


if __name__ == "__main__":
    print(pages()[sys.argv[1]])
