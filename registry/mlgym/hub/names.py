"""Which data sets and models of the Hugging Face Hub a task's code loads, told from its source; nothing of it is run.

A name is seen where it is written into the call, or given to a variable or an argument that the call names.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from synthgym.base.python_parser import parse

_TEXT_ONLY = ("Tokenizer", "TokenizerFast", "Processor", "Config", "FeatureExtractor")
_SAVES = ("save_pretrained", "save_model")
_WORDS = re.compile(b"load_dataset|_pretrained|save_model|output_dir")  # that a program worth parsing has


@dataclass
class Loaded:
    """Names by what is loaded of them.

    Attributes:
        datasets: Given to `load_dataset`.
        models: Whole models, weights and all.
        texts: Of which only a tokenizer, a configuration or the like is loaded.
        made: Folders that the code itself saves models to.
    """

    datasets: set[str] = field(default_factory=set)
    models: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    made: set[str] = field(default_factory=set)


def loaded_by(files: Iterable[Path]) -> Loaded:
    """What the Python files among these, and in the folders among these, load and save.

    One that is no Python that we can read is passed over.
    """
    found = Loaded()
    for path in files:
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            if file.suffix == ".py":
                each = _loaded_in(file.read_bytes())
                found.datasets |= each.datasets
                found.models |= each.models
                found.texts |= each.texts
                found.made |= each.made
    return found


@lru_cache(256)
def _loaded_in(source: bytes) -> Loaded:
    """What one program loads and saves. Kept, because parsing takes longer than all else when tasks are listed."""
    found = Loaded()
    if not _WORDS.search(source):
        return found
    try:
        tree = parse(source)
    except (SyntaxError, ValueError):
        return found
    known = dict(_constants(tree))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called, owner = _called(node.func)
        if called == "load_dataset":
            found.datasets |= _texts(node, known, "path")
        elif called == "from_pretrained":
            kind = found.texts if owner.endswith(_TEXT_ONLY) else found.models
            kind |= _texts(node, known, "pretrained_model_name_or_path")
        elif called in _SAVES:
            found.made |= _texts(node, known, "save_directory", "output_dir")
        else:
            found.made |= _texts(node, known, "output_dir", first=False)
    return found


def _constants(source: ast.Module) -> Iterator[tuple[str, set[str]]]:
    """Variables and arguments → the texts that they are given where the source writes these out."""
    given: dict[str, set[str]] = {}
    for node in ast.walk(source):
        pairs: list[tuple[ast.expr | ast.arg, ast.expr | None]] = []
        if isinstance(node, ast.Assign):
            pairs = [(target, node.value) for target in node.targets]
        elif isinstance(node, ast.AnnAssign):
            pairs = [(node.target, node.value)]
        elif isinstance(node, ast.arguments):
            positional = [*node.posonlyargs, *node.args]
            pairs = list(zip(reversed(positional), reversed(node.defaults), strict=False))
            pairs += zip(node.kwonlyargs, node.kw_defaults, strict=True)
        for target, value in pairs:
            name = target.arg if isinstance(target, ast.arg) else getattr(target, "id", None)
            if name and isinstance(value, ast.Constant) and isinstance(value.value, str):
                given.setdefault(name, set()).add(value.value)
    yield from given.items()


def _called(function: ast.expr) -> tuple[str, str]:
    """The name that is called, and the name before its dot."""
    if isinstance(function, ast.Name):
        return function.id, ""
    if isinstance(function, ast.Attribute):
        owner = function.value
        return function.attr, owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
    return "", ""


def _texts(call: ast.Call, known: dict[str, set[str]], *keywords: str, first: bool = True) -> set[str]:
    """The texts that a call's first argument, or one of these keywords, can be."""
    values = [each.value for each in call.keywords if each.arg in keywords] + (call.args[:1] if first else [])
    texts: set[str] = set()
    for value in values:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            texts.add(value.value)
        elif isinstance(value, ast.Name):
            texts |= known.get(value.id, set())
    return texts
