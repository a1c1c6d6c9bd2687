"""How a table in a JSON document is laid out: what its keys are, told from the document alone.

Runs in a sandbox: standard library only. The layouts are those that pandas writes; most of them look like others to it
when it reads them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

ORIENT_NOTES = {
    "split": "names, rows and cells stand apart",
    "table": "a schema, and a record for each row",
    "index": "each key is a row's name, not a column",
    "values": "no names: columns are numbered from 0",
}
"""A layout, as pandas calls it, that is not plain → what it is."""


def orient_of(document: Any) -> str:
    """The layout of a document that is no list, as pandas calls it: ``columns`` where that is plain."""
    if not isinstance(document, dict):
        return "columns"
    data = document.get("data")
    if isinstance(data, list) and data:
        names, schema = document.get("columns"), document.get("schema")
        if {*document} <= {"columns", "index", "data"} and isinstance(names, list) and _is_wide(data, len(names)):
            return "split"
        if isinstance(schema, dict) and "fields" in schema:
            return "table"
    members = list(document.values())
    if members and all(isinstance(member, dict) and member for member in members):
        return "index" if _is_of_rows(document) else "columns"
    return "columns"


def _is_wide(data: list[Any], width: int) -> bool:
    return all(isinstance(row, list) and len(row) == width for row in data)


def _is_of_rows(document: dict[str, dict[str, Any]]) -> bool:
    """Whether the keys of a document are rows, each with its cells; else they are columns.

    Cells of a column are of one kind. Where that says nothing, rows are what is counted, or what there are more of.
    """
    inner: dict[str, list[Any]] = {}
    for member in document.values():
        for key, value in member.items():
            inner.setdefault(key, []).append(value)
    of_rows, of_columns = _mixed(inner.values()), _mixed(member.values() for member in document.values())
    if of_rows != of_columns:
        return of_rows < of_columns
    if (counted := _is_count(document)) != _is_count(inner):
        return counted
    return len(document) > len(inner)


def _mixed(columns: Iterable[Iterable[Any]]) -> float:
    """Share of columns whose cells are of several kinds."""
    kinds = [{_kind(cell) for cell in column if cell is not None} for column in columns]
    return sum(len(each) > 1 for each in kinds) / len(kinds)


def _kind(cell: Any) -> type:
    return float if isinstance(cell, int) and not isinstance(cell, bool) else type(cell)


def _is_count(keys: Iterable[str]) -> bool:
    """Whether keys are numbers from 0 or 1 on."""
    keys = list(keys)
    return any(keys == [str(number + first) for number in range(len(keys))] for first in (0, 1))
