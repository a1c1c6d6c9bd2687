"""Docstrings as Markdown."""

from __future__ import annotations

import ast
import inspect
import re
from typing import Any

from source_files import ROOT, place_of


def summary(of: Any) -> str:
    """The first paragraph of what something says of itself."""
    text = first_paragraph(inspect.getdoc(of) or "")
    if not text:
        raise SystemExit(f"{of.__module__}.{of.__qualname__}: it says nothing of itself")
    return cell(text)


def introduction(module: str) -> str:
    """A module's docstring as Markdown."""
    text = ast.get_docstring(ast.parse((ROOT / place_of(module)).read_text(encoding="utf-8"))) or ""
    return as_markdown(text)


def paragraph(module: str, begins: str) -> str:
    """The paragraph of a module's docstring that begins so."""
    return next(each for each in introduction(module).split("\n\n") if each.startswith(begins))


def as_markdown(text: str) -> str:
    """A docstring as Markdown: examples are code, tables of reStructuredText too."""
    made = []
    for block in text.split("\n\n"):
        lines = block.splitlines()
        if all(line.startswith("    ") for line in lines):
            made.append(example(inspect.cleandoc(block).replace("``", "")))
        elif lines and set(lines[0]) <= {"=", " "}:
            made.append(rst_table(lines))
        else:
            made.append(block.replace("``", "`").removesuffix("::").rstrip(":") + (":" if block.endswith(":") else ""))
    return "\n\n".join(made)


def example(text: str) -> str:
    """An indented block: at a prompt, words and what they mean, or else as it is."""
    rows = [re.fullmatch(r"(\S+(?: \S+)*) {2,}(\S.*)", line) for line in text.splitlines()]
    if text.startswith(">>>") or not all(rows):
        return f"```{'pycon' if text.startswith('>>>') else 'text'}\n{text}\n```"
    return "\n".join(
        ["| form | means |", "| --- | --- |", *(f"| {code(row[1])} | {cell(row[2])} |" for row in rows if row)]
    )


def rst_table(lines: list[str]) -> str:
    """A simple table of reStructuredText, of two columns."""
    second = lines[0].index(" =") + 1
    rows: list[list[str]] = []
    for line in lines:
        if set(line) <= {"=", " "}:
            continue
        if line[:second].strip():
            rows.append([line[:second], line[second:]])
        else:  # goes on with the row above
            rows[-1][1] += f" {line[second:]}"
    cells = [f"| {cell(left)} | {cell(right)} |" for left, right in rows]
    return "\n".join([cells[0], "| --- | --- |", *cells[1:]])


def first_paragraph(text: str) -> str:
    """In one line."""
    return " ".join(text.split("\n\n")[0].split()).replace("``", "`")


def code(text: str) -> str:
    """Code in a cell of a table, where a `|` between backticks parts nothing."""
    return f"`{text}`"


def cell(text: str) -> str:
    """Text in a cell of a table."""
    words = " ".join(text.split()).replace("``", "`").split("`")
    return "`".join(part if at % 2 else plain(part) for at, part in enumerate(words))


def plain(text: str) -> str:
    """Text that stands for itself in Markdown's tables."""
    return text.replace("<", "&lt;").replace("*", "\\*").replace("|", "\\|")
