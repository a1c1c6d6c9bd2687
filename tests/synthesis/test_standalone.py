"""A file of ours without us: whole, in order, and refused where it could not run."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from synthgym.base.seeds import derive_seed
from synthgym.envs.tools import synthgym_grader
from synthgym.registry.challenge import load_challenge
from synthgym.registry.metrics import METRICS, MetricDef, spearman
from synthgym.synthesis.mlgym import module_evaluator
from synthgym.synthesis.mlgym.module_evaluator import evaluate_module
from synthgym.synthesis.mlgym.standalone import standalone_source
from synthgym.synthesis.mlgym.table_evaluator import evaluate_table


def imported(source: str) -> set[str]:
    """The packages that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found


def run(file: Path, source: str) -> str:
    file.write_text(source)
    return subprocess.run([sys.executable, "-I", file], capture_output=True, text=True, check=True, timeout=60).stdout


def test_it_runs_without_us_and_gives_the_same(tmp_path: Path) -> None:
    source = standalone_source(derive_seed)
    assert imported(source) == {"__future__", "hashlib", "json"}
    assert run(tmp_path / "seed.py", f"{source}\nprint(derive_seed('a', 1))\n") == f"{derive_seed('a', 1)}\n"


def test_it_has_what_is_needed_and_no_more(tmp_path: Path) -> None:
    source = standalone_source(MetricDef, spearman)
    assert imported(source) == {"__future__", "dataclasses", "math", "numpy"}
    names = {node.name for node in ast.parse(source).body if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    assert names == {"MetricDef", "spearman", "pearson", "_ranks"}
    used = "print(MetricDef('s', 'value', 'higher', -1, 1, spearman)(np.arange(4.0), np.array([1.0, 1, 2, 9])))"
    assert run(tmp_path / "s.py", f"{source}\n{used}\n") == f"{0.9486832980505138}\n"


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_goes_along(name: str) -> None:
    source = standalone_source(evaluate_table, MetricDef, METRICS[name].fn)
    assert "synthgym" not in imported(source)
    compile(source, name, "exec")


def test_modules_stand_behind_those_they_need(tmp_path: Path) -> None:
    """Bases and decorators are looked up as the file is read."""
    source = standalone_source(evaluate_module)
    assert "synthgym" not in imported(source)
    assert run(tmp_path / "module.py", f"{source}\nprint(issubclass(GraderError, SynthgymError))\n") == "True\n"


def test_what_cannot_stand_alone_is_refused() -> None:
    with pytest.raises(ValueError, match=r"needs (yaml|pydantic), which is neither part of Python nor numpy"):
        standalone_source(load_challenge)
    with pytest.raises(
        ValueError, match=r"'_exactly' is one thing in .*module_evaluator and another in .*synthgym_grad"
    ):
        standalone_source(module_evaluator._exactly, synthgym_grader._exactly)
