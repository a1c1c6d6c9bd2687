"""What is imported is declared: by the core for everybody, by an extra for the files that need it, by dev for tests."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
SOURCES = ("synthgym", "registry", "envs", "agents", "train")
DATA = ("registry/examples", "synthgym/synthesis/families/templates")
"""Challenges' own programs: they run in sandboxes, on what the challenge's image has."""

EXTRAS = {
    "train": ["train/*.py", "train/*/*.py", "train/*/*/*.py"],
    "vllm": ["train/serving/vllm_main.py"],
    "report": ["train/evaluation/plots.py", "registry/hub/card.py"],
    "swerex": ["envs/sandboxes/swerex/*.py"],
    "ray": ["synthgym/synthesis/engines.py"],
    "jax": ["envs/tools/*.py"],
}
"""Which files may import what an extra brings."""

DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DISTRIBUTIONS = packages_distributions()


def names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(text).name) for text in requirements}


CORE = names(DECLARED["dependencies"])
OPTIONAL = {extra: names(texts) for extra, texts in DECLARED["optional-dependencies"].items()}


def imported(path: Path) -> Iterator[str]:
    """Top-level names of what a file imports from outside it, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.split(".")[0]


def undeclared(path: Path, declared: set[str]) -> list[str]:
    own = {"synthgym"} | {other.stem for other in path.parent.iterdir()}  # programs of a sandbox import neighbours
    strangers = sorted(set(imported(path)) - own - set(sys.stdlib_module_names))
    found = {name: {canonicalize_name(each) for each in DISTRIBUTIONS.get(name, [name])} for name in strangers}
    return [name for name, distributions in found.items() if not distributions & declared]


def source_files() -> list[Path]:
    files = [path for folder in SOURCES for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in files if not path.relative_to(ROOT).as_posix().startswith(DATA)]


@pytest.mark.parametrize("path", source_files(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_a_module_imports_is_declared(path: Path) -> None:
    place = path.relative_to(ROOT)
    extras = {extra for extra, patterns in EXTRAS.items() if any(place.match(pattern) for pattern in patterns)}
    assert undeclared(path, CORE.union(*(OPTIONAL[extra] for extra in extras))) == []


PARTS = {path.stem for path in (ROOT / "tests").rglob("*.py")} | {"mlgym", "pool_jobs"}
"""What tests import from beside them, or write themselves; MLGym is compared with where it is installed."""


def test_what_tests_import_is_declared() -> None:
    everything = CORE.union(*OPTIONAL.values())
    found = {path.name: undeclared(path, everything) for path in (ROOT / "tests").rglob("*.py")}
    assert {name: strangers for name, each in found.items() if (strangers := sorted({*each} - PARTS))} == {}


def test_an_import_that_nobody_declares_is_found(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("import json\nimport numpy.linalg\ndef f():\n    from psutil import Process\n", encoding="utf-8")
    assert undeclared(module, CORE) == ["psutil"]
    assert undeclared(module, CORE | {"psutil"}) == []
