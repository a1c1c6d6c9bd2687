"""Runs in a sandbox: what is in the tables of the folder SOURCE, into tables.json."""

import csv
import json
import os
import sys

import pandas as pd

MOST_CHARACTERS = 160
EXAMPLES, CLASSES = 6, 20
ROWS = 4


def read(path: str, bare: list[object] | None) -> pd.DataFrame:
    """A table by the ending of its name; `bare`: lines to skip and separator, of one without a header."""
    name = path.removesuffix(".gz")
    if name.endswith(".parquet"):
        return pd.read_parquet(path)
    if name.endswith((".jsonl", ".ndjson")):
        return pd.read_json(path, lines=True)
    if name.endswith(".json"):
        return pd.read_json(path)
    if name.endswith((".tsv", ".tab")):
        return pd.read_csv(path, sep="\t", low_memory=False)
    if bare is not None:
        return pd.read_csv(path, header=None, skiprows=bare[0], sep=bare[1])
    if name.endswith(".txt"):
        return pd.read_csv(path, sep=None, engine="python")
    return pd.read_csv(path, low_memory=False)


def text(value: object) -> str:
    """A cell, not too long."""
    shown = repr(value) if isinstance(value, (list, dict, bytes)) else str(value)
    return shown if len(shown) <= MOST_CHARACTERS else shown[: MOST_CHARACTERS - 1] + "…"


def look(path: str, bare: list[object] | None) -> dict[str, object]:
    """One file."""
    table = read(path, bare)
    columns = []
    for name in table.columns:
        values = table[name]
        kind = str(values.dtype)
        present = values.dropna()
        keys = (
            present if kind != "object" else present.map(lambda value: value if isinstance(value, str) else repr(value))
        )
        examples = keys.drop_duplicates()
        examples = examples.head(CLASSES if len(examples) <= CLASSES else EXAMPLES)
        column: dict[str, object] = {
            "name": str(name),
            "type": kind,
            "distinct": int(keys.nunique()),
            "missing": int(values.isna().sum()),
            "examples": [text(value) for value in examples],
        }
        if pd.api.types.is_numeric_dtype(values) and kind != "bool" and len(present):
            column["low"], column["high"] = float(present.min()), float(present.max())
        columns.append(column)
    head = [[text(value) for value in row] for row in table.head(ROWS).itertuples(index=False)]
    return {"file": os.path.basename(path), "rows": len(table), "columns": columns, "head": head}


def main() -> None:
    """All files."""
    csv.field_size_limit(sys.maxsize)
    with open("bare.json") as file:
        bare = json.load(file)
    source = os.environ["SOURCE"]
    found = []
    for name in sorted(os.listdir(source)):
        try:
            found.append(look(os.path.join(source, name), bare.get(name)))
        except Exception as error:
            sys.exit(f"{name}: {type(error).__name__}: {str(error)[:300]}")
    with open("tables.json", "w") as file:
        json.dump(found, file)


main()
