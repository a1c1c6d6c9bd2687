"""Starters as newer packages take them: what they were written for is not what is installed where they run here.

Only what a newer version refuses is left out, where it made no difference to what a starter does.
"""

from __future__ import annotations

import ast
import re

from synthgym.base.python_parser import parse

_NO_LONGER = {"TrainingArguments": ("logging_dir",)}  # of transformers 5: where TensorBoard would find a log
_COMMA = re.compile(rb"[ \t]*,[ \t]*")


def renewed(source: bytes) -> bytes:
    """A program without arguments that are no longer known; as it is where it has none, or is no Python in UTF-8."""
    try:
        tree = parse(source.decode("utf-8"))
    except (SyntaxError, ValueError):
        return source
    unknown = [
        argument
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        for argument in node.keywords
        if argument.arg in _NO_LONGER.get(node.func.id, ()) and argument.lineno == argument.end_lineno
    ]
    lines = source.splitlines(keepends=True)
    for argument in sorted(unknown, key=lambda each: (each.lineno, each.col_offset), reverse=True):
        line = lines[argument.lineno - 1]
        rest = line[argument.end_col_offset :]
        comma = _COMMA.match(rest)
        changed = line[: argument.col_offset] + (rest[comma.end() :] if comma else rest)
        lines[argument.lineno - 1] = changed if changed.strip() else b""
    return b"".join(lines)
