"""What the sources say without being imported: modules, their public names, and all errors."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("synthgym", "registry", "envs", "agents", "train")


def error_classes() -> dict[str, tuple[list[str], str, str]]:
    """Bases, docstring and module of every public error, read from the sources: nothing is imported for it."""
    classes: dict[str, tuple[list[str], str, str]] = {}
    for path in sources():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                bases = [base.id for base in node.bases if isinstance(base, ast.Name)]
                classes[node.name] = (bases, ast.get_docstring(node) or "", module_of(path))
    found = {"SynthgymError"}
    while more := {name for name, (bases, _, _) in classes.items() if found & {*bases}} - found:
        found |= more
    return {name: classes[name] for name in classes if name in found}


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
