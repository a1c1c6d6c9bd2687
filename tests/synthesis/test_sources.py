"""Tables of every format, looked at in a sandbox; and the catalogues that they come from."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest
from env_fixtures import needs

from synthgym.base.errors import UserError
from synthgym.base.journal import Journal
from synthgym.synthesis.bench import Bench
from synthgym.synthesis.engines import InThisProcess
from synthgym.synthesis.language.settings import Settings
from synthgym.synthesis.language.sources import BundledCatalogue, FolderCatalogue, Unfit, catalogues
from synthgym.synthesis.language.tables import LookAtTables, Table, Unreadable

FRAME = pd.DataFrame(
    {
        "depth": [1.5, 2.5, None, 4.0],
        "kind": ["sand", "clay", "sand", 'a, quoted "text"'],
        "count": [3, 1, 4, 1],
        "flag": [True, False, True, True],
    }
)


@pytest.fixture(autouse=True)
def _works() -> None:
    needs("bubblewrap")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with closing(Journal(tmp_path / "journal")) as journal:
        yield Bench(tmp_path, journal, InThisProcess(), "bubblewrap")


def write(folder: Path, name: str) -> None:
    path = folder / name
    plain = name.removesuffix(".gz")
    kind = plain.rpartition(".")[2]
    if kind == "parquet":
        FRAME.to_parquet(path)
    elif kind == "csv":
        FRAME.to_csv(path, index=False)
    elif kind == "tsv":
        FRAME.to_csv(path, index=False, sep="\t")
    elif kind == "jsonl":
        FRAME.to_json(path, orient="records", lines=True)
    else:
        FRAME.to_json(path, orient="records")


@pytest.mark.parametrize("name", ["t.parquet", "t.csv", "t.csv.gz", "t.tsv", "t.jsonl", "t.jsonl.gz", "t.json"])
def test_every_format(shown_folder: Path, name: str) -> None:
    write(shown_folder, name)
    (found,) = LookAtTables(shown_folder, {}, "bubblewrap")()
    table = Table.model_validate(found)
    assert (table.file, table.rows, [column.name for column in table.columns]) == (name, 4, list(FRAME))
    depth, kind, count, _ = table.columns
    assert (depth.missing, depth.distinct, depth.low, depth.high) == (1, 3, 1.5, 4.0)
    assert (kind.distinct, kind.examples, kind.low) == (3, ("sand", "clay", 'a, quoted "text"'), None)
    assert (count.low, count.high, count.distinct) == (1.0, 4.0, 3)
    assert len(table.head) == 4


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("t.parquet", b"PAR1 not really", "t.parquet: "),
        ("t.jsonl", b"{broken", "t.jsonl: "),
        ("t.csv", b"", "t.csv: EmptyDataError"),
        ("t.csv", b'a,b\n"1,2\n3,4,5,6,7\n', "t.csv: "),
        ("t.csv.gz", b"not gzip", "t.csv.gz: "),
    ],
)
def test_what_is_no_table_says_so(shown_folder: Path, name: str, body: bytes, said: str) -> None:
    (shown_folder / name).write_bytes(body)
    with pytest.raises(Unreadable, match=said):
        LookAtTables(shown_folder, {}, "bubblewrap")()


def test_long_values_and_many_columns_are_cut(shown_folder: Path) -> None:
    wide = pd.DataFrame({f"c{number}": ["x" * 5000] * 3 for number in range(300)})
    wide.to_csv(shown_folder / "wide.csv", index=False)
    (found,) = LookAtTables(shown_folder, {}, "bubblewrap")()
    assert len(json.dumps(found)) < 400_000
    assert len(Table.model_validate(found).columns) == 300


def test_a_bomb_in_a_file_is_ended(shown_folder: Path) -> None:
    block = gzip.compress(b"a,b\n" * (1 << 22))  # 16 MB in 16 kB
    (shown_folder / "bomb.csv.gz").write_bytes(block * 2000)
    with pytest.raises(Unreadable):
        LookAtTables(shown_folder, {}, "bubblewrap")()


def test_what_comes_with_scikit_learn(bench: Bench) -> None:
    catalogue = BundledCatalogue()
    for offer in catalogue.offers(bench):
        source = catalogue.open(offer.name, None, bench)
        assert source is not None
        assert all(table.rows >= 400 and "No header" in table.note for table in source.tables)
    assert catalogue.open("iris", None, bench) is None
    digits = catalogue.open("digits", None, bench)
    assert digits is not None
    assert (digits.tables[0].rows, len(digits.tables[0].columns)) == (1797, 65)


def test_a_folder(bench: Bench, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    (folder / "two").mkdir(parents=True)
    write(folder, "one.parquet")
    write(folder / "two", "a.csv")
    write(folder / "two", "b.tsv")
    (folder / "readme.md").write_text("x")
    (folder / ".hidden.csv").write_text("x")
    catalogue = FolderCatalogue(folder, Settings())
    assert [offer.name for offer in catalogue.offers(bench)] == ["one.parquet", "two"]
    two = catalogue.open("two", None, bench)
    assert two is not None
    assert (two.dataset.files, sorted(two.files)) == (["a.csv", "b.tsv"], ["data/a.csv", "data/b.tsv"])
    assert catalogue.open("three", None, bench) is None
    with pytest.raises(Unfit, match="at most 0 MB"):
        FolderCatalogue(folder, Settings(most_mb=0.0001)).open("two", None, bench)


def test_names_of_catalogues() -> None:
    assert [type(each).__name__ for each in catalogues(Settings())] == ["HubCatalogue"]
    with pytest.raises(UserError, match="expected hub, sklearn, generated, or a folder"):
        catalogues(Settings(datasets=("hup",)))
