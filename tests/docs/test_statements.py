"""What the docs name is there: commands, options, files, modules, variables, settings, recipes, errors, targets."""

from __future__ import annotations

import ast
import fnmatch
import inspect
import re
import shlex
import sys
import tomllib
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import gymnasium
import pytest
import typer.main
from doc_pages import PAGES, ROOT, commands, inline, name_of
from pydantic import BaseModel

from synthgym.cli.main import app
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.grading.module_calls import MOST_WORDS
from synthgym.envs.infos import EpisodeInfo, VectorInfo
from synthgym.envs.mlgym.infos import MLGymInfo
from synthgym.envs.reward import HIGHEST, LOWEST
from synthgym.envs.session import MOST_REFUSED
from synthgym.registry.challenge import SEEDS, Budget
from synthgym.registry.host_limits import DEFAULTS
from synthgym.train.recipes.loading import KINDS, load_recipe, settings_class
from synthgym.train.sft.settings import SFTSettings

FLOORS = ("synthgym", "registry", "envs", "agents", "train")
FOLDERS = (*FLOORS, "tests", "docs", "scripts")
RECIPES = {kind: settings_class(kind) for kind in KINDS}
OTHERS_OPTIONS = {"--check", "--fix", "--logprobs-mode", "--task_config_path", "--traj_pattern"}
"""Of ruff, vLLM, MLGym and its scripts."""

each_page = pytest.mark.parametrize("page", PAGES, ids=name_of)


def every_command() -> dict[tuple[str, ...], Any]:
    """Commands by their names, those of groups by two, and the groups."""
    top = dict(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    found: dict[tuple[str, ...], Any] = {(name,): command for name, command in top.items()}
    for name, command in top.items():
        found |= {(name, sub): below for sub, below in getattr(command, "commands", {}).items()}
    return found


COMMANDS = every_command()
OPTIONS = {
    names: {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
    for names, command in COMMANDS.items()
}


def command_of(words: list[str]) -> tuple[str, ...]:
    """The command that is called by these words; `synthgym` is not among them."""
    return next((names for names in (tuple(words[:2]), tuple(words[:1])) if names in COMMANDS), ())


def in_console(page: Path) -> list[str]:
    return [line for line in commands(page) if line.startswith("synthgym ")]


@each_page
def test_commands_parse(page: Path) -> None:
    for line in in_console(page):
        words = shlex.split(line, comments=True)[1:]
        names = command_of(words)
        assert names, f"no command: {line}"
        COMMANDS[names].make_context(" ".join(names), words[len(names) :])  # raises where an option is unknown


@each_page
def test_commands_between_backticks_are_there(page: Path) -> None:
    everywhere = set().union(*OPTIONS.values()) | OTHERS_OPTIONS
    for text in inline(page):
        options = set(re.findall(r"(?<!\S)--[a-z][\w-]+", text))
        if text.startswith("synthgym "):
            names = command_of(text.split()[1:])
            assert names, f"no command: {text}"
            assert options <= OPTIONS[names], text
        assert options <= everywhere, text


@each_page
def test_files_that_are_named_are_there(page: Path) -> None:
    words = [*inline(page), *(word for line in commands(page) for word in line.split())]
    paths = [word for word in words if re.fullmatch(r"\w+/[\w.\-/]*", word) and word.split("/")[0] in FOLDERS]
    assert [path for path in paths if not (ROOT / path).exists()] == []


@each_page
def test_tests_that_are_named_are_there(page: Path) -> None:
    """With their folder, or as one of the attacks."""
    for name in re.findall(r"`((?:tests/[\w/]+/)?test_\w+\.py)`", page.read_text(encoding="utf-8")):
        assert (ROOT / name).exists() or (ROOT / "tests" / "attacks" / name).exists(), name


@each_page
def test_modules_that_are_named_are_there(page: Path) -> None:
    names = {found for text in inline(page) for found in re.findall(r"(?<![\w.])synthgym(?:\.[a-zA-Z_]\w*)+", text)}
    assert sorted(name for name in names if not (is_there(name) or f'"{name}"' in sources())) == []


def is_there(name: str) -> bool:
    """Whether a dotted name is a module, or a name in one. Names of classes' attributes are taken for granted."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        path = ROOT.joinpath(*parts[:length])
        file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        if file.is_file():
            return length == len(parts) or bool(re.search(rf"\b{parts[length]}\b", file.read_text(encoding="utf-8")))
    return False


@cache
def sources() -> str:
    """All that is ours, as one text: the docs apart."""
    folders = [path for name in (*FLOORS, "scripts", "tests") for path in (ROOT / name).rglob("*.py")]
    return "\n".join(path.read_text(encoding="utf-8") for path in folders if path != Path(__file__))


@each_page
def test_variables_that_are_named_are_read(page: Path) -> None:
    named = set(re.findall(r"\bSYNTHGYM_[A-Z_]+\b", page.read_text(encoding="utf-8")))
    limits = {f"SYNTHGYM_MAX_{field.upper()}" for field in Budget.model_fields}
    assert sorted(name for name in named - limits if name not in sources()) == []


@each_page
def test_targets_of_make_and_extras_are_there(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    for text in (*inline(page), *commands(page)):
        for target in re.findall(r"(?:^|\s)make ([a-z-]+)", text):
            assert re.search(rf"^(?:[\w-]+ )*{target}(?: [\w-]+)*:", makefile, re.MULTILINE), text
        for extra in re.findall(r"synthgym\[(\w+)\]", text):
            assert extra in extras, text


@each_page
def test_errors_that_are_named_are_there(page: Path) -> None:
    named = {text for text in inline(page) if re.fullmatch(r"[A-Z]\w+(?:Error|Refused)", text)}
    assert [name for name in sorted(named) if f"class {name}(" not in sources()] == []


@each_page
def test_recipes_and_settings_of_commands_are_there(page: Path) -> None:
    for line in in_console(page):
        words = shlex.split(line, comments=True)[1:]
        if words[0] == "train":
            given = list(pairwise(words))
            recipe = next((value for option, value in given if option == "--recipe"), None)
            changes = [value for option, value in given if option == "--set"]
            load_recipe(words[1], recipe, changes, RECIPES[words[1]])  # raises on a name that nobody knows


def test_the_guides_name_every_recipe() -> None:
    said = "".join((ROOT / "docs" / "guides" / name).read_text(encoding="utf-8") for name in ("training.md", "rl.md"))
    for path in (ROOT / "train" / "recipes").glob("sft-*.yaml"):
        assert f"`{path.stem.removeprefix('sft-')}`" in said


def test_what_sft_is_said_to_filter() -> None:
    """«episodes with a successful submission that did not make things worse, each sequence of actions once»"""
    kept = SFTSettings().filter
    assert (kept.submitted, kept.min_improvement, kept.distinct, kept.max_tokens) == (True, 0.0, True, None)
    assert SFTSettings().too_long == "drop"


def test_the_table_of_budgets() -> None:
    """Every field with its default, and what a machine gives where that is a plain number."""
    page = (ROOT / "docs" / "guides" / "challenges.md").read_text(encoding="utf-8")
    lines = page.split("| field of `budget` |")[1].split("\n\n")[0].splitlines()[2:]
    rows = [[cell.strip(" `").replace(",", "") for cell in line.strip("|").split("|")] for line in lines]
    assert {name: float(default) for name, default, *_ in rows} == Budget().model_dump()
    plain = {name: float(most) for name, *_, most in rows if most.isdecimal()}
    assert plain == {name: DEFAULTS[name] for name in plain}
    assert len(plain) >= 6


def test_programs_of_sandboxes_need_python_alone() -> None:
    """«packages are only for submitted networks, and for seeding them»"""
    tools = ROOT / "envs" / "tools"
    own = {path.stem for path in tools.rglob("*.py")} | {"synthgym", "supervisor"}
    asking = {path.name for path in tools.rglob("*.py") if imported(path) - own - {*sys.stdlib_module_names}}
    assert asking <= {"seeded.py", "remote_network.py", "remote_module.py", "network_player.py"}


def test_the_host_listens_for_one_kind_of_sandbox_only() -> None:
    """«an agent is shown no socket or folder of the host»; those that evaluate networks are shown a socket."""
    listening = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "envs").rglob("*.py")
        if "tools" not in path.parts and re.search(r"\.(?:bind|listen)\(", path.read_text(encoding="utf-8"))
    ]
    assert listening == ["envs/sandboxes/wire.py"]


def imported(path: Path) -> set[str]:
    """Top-level names of what a file imports, neighbours by a dot apart."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    return {name.split(".")[0] for name in names}


def test_checks_of_a_models_challenges_are_made() -> None:
    """The guide's second table of checks; the first is made of the code."""
    page = (ROOT / "docs" / "guides" / "challenges.md").read_text(encoding="utf-8")
    table = page.split("| check | fails when |\n")[1].split("\n\n")[0]
    names = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert len(names) == 3
    assert [name for name in names if f'"{name}"' not in sources()] == []


def test_figures_that_the_code_decides() -> None:
    pages = {page.stem: " ".join(page.read_text(encoding="utf-8").split()) for page in PAGES}
    longest = inspect.signature(ChallengeEnv.__init__).parameters["max_observation"].default
    assert f"It has at most `max_observation` characters ({longest:,})" in pages["environments"]
    assert f"the episode goes on, {MOST_REFUSED} times at most" in pages["environments"]
    assert f"{MOST_WORDS} characters of a failure's own words" in pages["environments"]
    assert f"clipped to [−{-LOWEST:g}, {HIGHEST:g}]" in pages["challenges"]
    assert f"one of 0 to {SEEDS - 1}, the seeds that the baseline was measured with" in pages["challenges"]
    assert f"`validations` | {Budget().validations} |" in pages["challenges"]


@each_page
def test_keys_of_info_and_settings_within_others_are_there(page: Path) -> None:
    keys = {*EpisodeInfo.__annotations__, *MLGymInfo.__annotations__, *VectorInfo.__annotations__}
    assert set(re.findall(r'\binfos?\["(\w+)"\]', page.read_text(encoding="utf-8"))) <= keys
    for text in inline(page):
        outer, dot, inner = text.partition(".")
        models = [part for each in RECIPES.values() if outer in each.model_fields for part in models_in(each, outer)]
        if dot and models and inner.isidentifier() and inner not in ("py", "json"):
            assert any(inner in model.model_fields for model in models), text


def models_in(model: type[BaseModel], field: str) -> list[type[BaseModel]]:
    """What a field holds, where that has fields itself."""
    annotation = model.model_fields[field].annotation
    found = [annotation, *get_args(annotation)]
    return [each for each in found if isinstance(each, type) and issubclass(each, BaseModel)]


@each_page
def test_environments_that_are_named_are_known(page: Path) -> None:
    known = [name for name in gymnasium.registry if name.startswith("synthgym/")]
    for pattern in re.findall(r"[\"'` ](synthgym/[a-z]\w*[-*][\w*-]*)[\"'` ]", page.read_text(encoding="utf-8")):
        assert fnmatch.filter(known, pattern), pattern
