"""Circles of imports between files of synthgym, lazy imports counted: there should be none.

python scripts/import_circles.py    # prints each, and ends with 1 if there is one
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FLOORS = {"synthgym": "synthgym", **{name: f"synthgym.{name}" for name in ("registry", "envs", "agents", "train")}}
APART = ("registry/examples/", "synthgym/synthesis/families/templates/", "envs/tools/")
"""Data, and programs of a sandbox, which import their neighbours."""


def modules() -> dict[str, Path]:
    """Every module's file, by its dotted name."""
    found = {}
    for folder, package in FLOORS.items():
        for path in sorted((ROOT / folder).rglob("*.py")):
            place = path.relative_to(ROOT)
            if place.as_posix().startswith(APART):
                continue
            parts = [package, *place.with_suffix("").parts[1:]]
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(path: Path, known: dict[str, Path]) -> Iterator[str]:
    """Modules that a file imports anywhere in it, but for type checkers alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for part in node.body
        for inner in ast.walk(part)
    }
    for node in ast.walk(tree):
        if node in typing:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module in known and node.level == 0:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in known else str(node.module)


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Sets of modules each of which reaches each other one (Tarjan 1972), largest first."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in sorted(graph[name]):
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            at = stack.index(name)
            circle = stack[at:]
            del stack[at:]
            if len(circle) > 1:
                found.append(sorted(circle))

    sys.setrecursionlimit(10_000)
    for name in sorted(graph):
        if name not in index:
            visit(name)
    return sorted(found, key=len, reverse=True)


if __name__ == "__main__":
    known = modules()
    graph = {name: set(imports(path, known)) - {name} for name, path in known.items()}
    told = circles(graph)
    for circle in told:
        print(f"{len(circle)} modules:")
        for name in circle:
            print(f"  {name} -> {', '.join(sorted(graph[name] & {*circle}))}")
    print(f"{len(known)} modules, {sum(map(len, graph.values()))} imports, {len(told)} circles")
    sys.exit(bool(told))
