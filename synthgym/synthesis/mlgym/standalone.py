"""The source of functions of ours, and of all they need, as one file that imports nothing of ours.

An export that has to score where synthgym is not installed gets the very code that scores here: the definitions are
copied as they stand, so that there is no second version of them to drift.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from synthgym.base.python_parser import parse

_OURS = "synthgym"
_ALLOWED = ("numpy",)
"""What the file may import beside the standard library."""


def standalone_source(*roots: Callable[..., Any] | type) -> str:
    """The text of a Python file with these functions and classes, and what they use.

    Whatever stands at the top level of a module of ours and is named in a definition that is taken is taken as well,
    through imports too. Names in annotations are not followed: every module of ours postpones them.

    Raises:
        ValueError: Two things of one name would have to stand in the file, or something needs a package that is
            neither part of Python nor numpy.
    """
    collected = _Collected()
    for root in roots:
        collected.take(root.__module__, root.__name__)
    parts = ["from __future__ import annotations\n", "\n".join(sorted(collected.imports)) + "\n"]
    for module in collected.in_order(dict.fromkeys(root.__module__ for root in roots)):
        statements = sorted(collected.taken[module], key=lambda each: each.lineno)
        definitions = "\n\n\n".join(_text(module, statement) for statement in statements)
        parts.append(f"\n# From {module}\n\n\n{definitions}\n")
    return "\n".join(parts)


@dataclass(frozen=True)
class _Module:
    """A module's source.

    Attributes:
        lines: Its text.
        defined: What it defines at its top level.
        imported: Name → (module, name there); the second is empty where the module itself is meant.
        documented: Lines of a text that stands behind a definition and documents it, by the definition's last line.
    """

    lines: list[str]
    defined: dict[str, ast.stmt]
    imported: dict[str, tuple[str, str]]
    documented: dict[int, int]


@dataclass
class _Collected:
    """What goes into the file.

    Attributes:
        imports: Lines that import.
        taken: Module → the definitions of it.
        needs: Module → the modules it takes something of.
        owners: Name in the file → whose it is, and what it is there.
    """

    imports: set[str] = field(default_factory=set)
    taken: dict[str, list[ast.stmt]] = field(default_factory=dict)
    needs: dict[str, list[str]] = field(default_factory=dict)
    owners: dict[str, tuple[str, str]] = field(default_factory=dict)

    def take(self, module: str, name: str) -> None:
        """Takes a definition, and what it needs."""
        if not self._claim(name, module, name):
            return
        source = _read(module)
        statement = source.defined[name]
        statements = self.taken.setdefault(module, [])
        if statement not in statements:
            statements.append(statement)
        for used in _names(statement):
            if used in source.defined:
                self.take(module, used)
            elif used in source.imported:
                self._follow(module, used, *source.imported[used])

    def in_order(self, modules: Iterable[str]) -> list[str]:
        """The modules and those they need, each behind those that it needs."""
        order: dict[str, None] = {}
        for module in modules:
            order.update(dict.fromkeys([*self.in_order(self.needs.get(module, ())), module]))
        return list(order)

    def _follow(self, module: str, used: str, origin: str, name: str) -> None:
        package = origin.split(".")[0]
        if package == _OURS:
            if used != name:
                raise ValueError(f"{module}: imports {name or 'the module'} of {origin} as {used}; use its own name")
            self.needs.setdefault(module, []).append(origin)
            self.take(origin, name)
        elif package not in sys.stdlib_module_names and package not in _ALLOWED:
            raise ValueError(f"{module}: needs {origin}, which is neither part of Python nor numpy")
        elif self._claim(used, origin, name):
            line = f"from {origin} import {name}" if name else f"import {origin}"
            self.imports.add(line if used in (name, package) else f"{line} as {used}")

    def _claim(self, used: str, module: str, name: str) -> bool:
        """Whether the name is new to the file."""
        new = used not in self.owners
        owner = self.owners.setdefault(used, (module, name))
        if owner != (module, name):
            raise ValueError(f"{used!r} is one thing in {owner[0]} and another in {module}; they need two names")
        return new


_modules: dict[str, _Module] = {}


def _read(name: str) -> _Module:
    if name not in _modules:
        spec = find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        text = Path(spec.origin).read_text(encoding="utf-8")
        tree = parse(text)
        defined: dict[str, ast.stmt] = {}
        imported: dict[str, tuple[str, str]] = {}
        documented: dict[int, int] = {}
        before: ast.stmt | None = None
        for statement in tree.body:
            for each in _defines(statement):
                defined[each] = statement
            imported.update(_imports(statement))
            if isinstance(before, ast.Assign | ast.AnnAssign) and _is_text(statement):
                documented[before.end_lineno or 0] = statement.end_lineno or 0
            before = statement
        _modules[name] = _Module(text.split("\n"), defined, imported, documented)
    return _modules[name]


def _defines(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Assign | ast.AnnAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for target in targets:
            yield from (node.id for node in ast.walk(target) if isinstance(node, ast.Name))


def _imports(statement: ast.stmt) -> Iterator[tuple[str, tuple[str, str]]]:
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            yield alias.asname or alias.name.split(".")[0], (alias.name, "")
    elif isinstance(statement, ast.ImportFrom) and statement.module:
        for alias in statement.names:
            yield alias.asname or alias.name, (statement.module, alias.name)


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


class _Names(ast.NodeVisitor):
    """Names that are looked up when the code runs: all but those in annotations."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def visit_Name(self, node: ast.Name) -> None:
        """A name, or the first part of a dotted one."""
        self.found.append(node.id)

    def visit_arg(self, node: ast.arg) -> None:
        """A parameter: its annotation is not looked up."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """A variable with an annotation."""
        self.visit(node.target)
        if node.value is not None:
            self.visit(node.value)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """A function, less the annotation of what it returns."""
        for part in (*node.decorator_list, node.args, *node.body):
            self.visit(part)


def _names(statement: ast.stmt) -> list[str]:
    visitor = _Names()
    visitor.visit(statement)
    return list(dict.fromkeys(visitor.found))


def _text(module: str, statement: ast.stmt) -> str:
    source = _read(module)
    first = min(node.lineno for node in (statement, *getattr(statement, "decorator_list", ())))
    last = statement.end_lineno or statement.lineno
    return "\n".join(source.lines[first - 1 : source.documented.get(last, last)])
