"""The `prepare.py` of a task whose data set is on the Hub: hides its answers, and parts their rows into two halves.

Runs in a sandbox, without synthgym: who wrote the data set is a stranger. In the agent's copy the answers are 0, and so
is any column that tells the same; the evaluator's is as it came. Beside it are the halves, and which rows they are.
"""

import json
import os
import random
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

PLAN: dict[str, Any] = {}  # set when the challenge is made: files by split, answers by split, a seed

FEATURES = b"huggingface"  # in a schema: what the columns are, for `datasets`


def hidden(split: str, answers: list[str], tables: list[pa.Table]) -> list[pa.Table]:
    """The split's files without their answers, and without where its pictures came from: a path may name a class."""
    together = pa.concat_tables(tables)
    absent = [name for name in answers if name not in together.column_names]
    if absent:
        raise SystemExit(f"split {split!r} has no column {absent[0]!r}, only {', '.join(together.column_names)}")
    blank = {
        name for name in together.column_names if any(name == each or alike(together, each, name) for each in answers)
    }
    made = []
    for table in tables:
        columns = [without(table, name) if name in blank else pathless(table[name]) for name in table.column_names]
        features = {key: value for key, value in (table.schema.metadata or {}).items() if key == FEATURES}
        made.append(pa.table(columns, schema=table.schema.with_metadata(features or None)))
    return made


def alike(table: pa.Table, answer: str, other: str) -> bool:
    """Whether a column is the answer in other words: as numbers or texts the same, or one name for each class."""
    if not (plain(table[answer].type) and plain(table[other].type)):
        return False
    first, second = words(table[answer]), words(table[other])
    if first.equals(second):
        return bool(first.nunique() > 1)
    pairs, classes = len(set(zip(first, second, strict=True))), first.nunique()
    return bool(1 < classes == second.nunique() == pairs <= len(first) // 2)


def words(column: pa.ChunkedArray) -> pd.Series:
    """A column's cells as texts: a number is the same however it is written."""
    cells = column.to_pandas()
    numbers = pd.to_numeric(cells, errors="coerce")
    return cells.astype(str).where(numbers.isna(), numbers.astype(float).astype(str))


def plain(kind: pa.DataType) -> bool:
    """Whether a column's cells are numbers or texts."""
    number = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)
    return bool(number or text(kind))


def text(kind: pa.DataType) -> bool:
    """Whether a column's cells are texts."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def without(table: pa.Table, name: str) -> pa.Array:
    """As many zeros, or empty texts, as the column has cells. None are missing: code may count on a number."""
    kind = table[name].type
    if not plain(kind):
        raise SystemExit(f"column {name!r} holds {kind}, which cannot be hidden: expected numbers or texts")
    if text(kind):
        return pa.array([""] * len(table), kind)
    return pa.array(np.zeros(len(table), dtype=np.int8)).cast(kind)


def pathless(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Pictures and sounds, as `datasets` keeps them, without the paths that they had; other columns as they are."""
    kind = column.type
    if not pa.types.is_struct(kind) or {kind.field(i).name for i in range(kind.num_fields)} != {"bytes", "path"}:
        return column
    chunks = []
    for chunk in column.chunks:
        fields = [kind.field(i) for i in range(kind.num_fields)]
        parts = [pa.nulls(len(chunk), f.type) if f.name == "path" else chunk.field(f.name) for f in fields]
        chunks.append(pa.StructArray.from_arrays(parts, fields=fields, mask=chunk.is_null()))
    return pa.chunked_array(chunks, kind)


def write(table: pa.Table, path: Path, group: int) -> None:
    """Writes a parquet file, in groups of rows as large as they were."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, row_group_size=max(group, 1))


def main() -> None:
    """Makes the two folders."""
    source, public, private = (Path(os.environ[name]) for name in ("SOURCE", "PUBLIC", "PRIVATE"))
    for split, files in PLAN["splits"].items():
        if split not in PLAN["answers"]:
            for file in files:
                shutil.copyfile(source / file, public / file)
            continue
        tables = [pq.read_table(source / file) for file in files]
        groups = [
            pq.read_metadata(source / file).row_group(0).num_rows if len(t) else 1
            for file, t in zip(files, tables, strict=True)
        ]
        for file, table, group in zip(files, hidden(split, PLAN["answers"][split], tables), groups, strict=True):
            write(table, public / file, group)
            shutil.copyfile(source / file, private / file)
        if len(PLAN["answers"]) == 1:
            halve(dict(zip(files, tables, strict=True)), groups, private / "halves")


def halve(tables: dict[str, pa.Table], groups: list[int], folder: Path) -> None:
    """Writes two halves of a split, by lot, and `rows.json`: which rows are in which."""
    order = list(range(sum(map(len, tables.values()))))
    random.Random(PLAN["seed"]).shuffle(order)
    middle = len(order) // 2
    halves = {"validate": sorted(order[:middle]), "final": sorted(order[middle:])}
    for phase, rows in halves.items():
        wanted, before = np.array(rows, dtype=np.int64), 0
        for (file, table), group in zip(tables.items(), groups, strict=True):
            own = wanted[(wanted >= before) & (wanted < before + len(table))] - before
            write(table.take(own), folder / phase / file, group)
            before += len(table)
    (folder / "rows.json").write_text(json.dumps(halves))


if __name__ == "__main__":
    main()
