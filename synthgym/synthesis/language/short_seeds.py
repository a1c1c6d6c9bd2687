"""Seeds in a grader's programs that anybody can try: what is drawn from them is no secret.

`numpy.random.default_rng(0)` draws the same for everybody. An agent that sees a table can look which of the usual
generators gives it, and goes on drawing until it has the hidden labels.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from synthgym.base.python_parser import parse
from synthgym.registry.programs import not_python

_SEEDED = {"seed", "default_rng", "RandomState", "Random", "SeedSequence", "PCG64", "manual_seed", "Generator"}
"""Calls whose first argument is a seed."""
_SHORT_BITS = 64
_SHORT_TEXT = 16
PROGRAMS = ("prepare.py", "evaluate.py")


def short_seeds(folder: Path) -> list[str]:
    """Where a challenge's grader draws from a short seed, as lines for whoever wrote it."""
    found = []
    for name in PROGRAMS:
        program = folder / "grader" / name
        if program.is_file() and not not_python(program):
            tree = parse(program.read_bytes())
            found += [f"{name}, line {line}: {call}" for line, call in _of(tree)]
    return found


def _of(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The line and the text of each call that takes a short seed, as it stands or by a name that stands for one."""
    values = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        named = {"random_state", "seed"} if called in _SEEDED else {"random_state"}  # a module's reset takes a seed too
        seeds = [each.value for each in node.keywords if each.arg in named]
        seeds += node.args[:1] if called in _SEEDED else []
        for seed in seeds:
            known = values.get(seed.id, seed) if isinstance(seed, ast.Name) else seed
            if _is_short(known):
                yield node.lineno, f"{called}({ast.unparse(known)[:40]})"


def _is_short(seed: ast.expr) -> bool:
    if not isinstance(seed, ast.Constant):
        return False
    value = seed.value
    if isinstance(value, int):
        return value.bit_length() < _SHORT_BITS
    return isinstance(value, str | bytes) and len(value) < _SHORT_TEXT
