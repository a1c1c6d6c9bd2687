"""Tables of every format, looked at in a sandbox; and the catalogues that they come from."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Literal

import pandas as pd
import pytest
from env_fixtures import needs

from synthgym.base.errors import UserError
from synthgym.base.files.journal import Journal
from synthgym.synthesis.engines import InThisProcess
from synthgym.synthesis.language.data.bundled import BundledCatalogue
from synthgym.synthesis.language.data.catalogues import check_datasets, open_catalogues
from synthgym.synthesis.language.data.folder import FolderCatalogue
from synthgym.synthesis.language.data.source import Unfit
from synthgym.synthesis.language.data.tables import DescribeTables, Table, Unreadable
from synthgym.synthesis.language.settings import Settings
from synthgym.synthesis.run import SynthesisRun

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
def run(tmp_path: Path) -> Iterator[SynthesisRun]:
    with closing(Journal(tmp_path / "journal")) as journal:
        yield SynthesisRun(tmp_path, journal, InThisProcess(), "bubblewrap")


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


@pytest.mark.sample(3)
@pytest.mark.parametrize("name", ["t.parquet", "t.csv", "t.csv.gz", "t.tsv", "t.jsonl", "t.jsonl.gz", "t.json"])
def test_every_format(shown_folder: Path, name: str) -> None:
    write(shown_folder, name)
    (found,) = DescribeTables(shown_folder, {}, "bubblewrap")()
    table = Table.model_validate(found)
    assert (table.file, table.rows, [column.name for column in table.columns]) == (name, 4, list(FRAME))
    depth, kind, count, _ = table.columns
    assert (depth.missing, depth.distinct, depth.low, depth.high) == (1, 3, 1.5, 4.0)
    assert (kind.distinct, kind.examples, kind.low) == (3, ("sand", "clay", 'a, quoted "text"'), None)
    assert (count.low, count.high, count.distinct) == (1.0, 4.0, 3)
    assert len(table.head) == 4


@pytest.mark.slow
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
        DescribeTables(shown_folder, {}, "bubblewrap")()


LAYOUTS: dict[str, tuple[bytes, str]] = {
    "plain": (b"x,y,kind\n1.5,2,a\n-2.5,3,b\n", "pd.read_csv(path)"),
    "decimal commas": (b"x;y;kind\n1,5;2;a\n-2,5;3;b\n", "pd.read_csv(path, sep=';', decimal=',')"),
    "Windows": (
        "x;y;kind\n1,5;2;süß\n-2,5;3;saß\n".encode("cp1252"),
        "pd.read_csv(path, encoding='cp1252', sep=';', decimal=',')",
    ),
    "UTF-16": (
        "x\ty\tkind\n1.5\t2\tä\n-2.5\t3\tö\n".encode("utf-16"),
        "pd.read_csv(path, encoding='utf-16', sep='\\t')",
    ),
    "a mark": (b"\xef\xbb\xbfx,y,kind\n1.5,2,a\n-2.5,3,b\n", "pd.read_csv(path, encoding='utf-8-sig')"),
    "blanks": (
        b"x , y, kind \n1.5, 2,a\n-2.5, 3, b\n",
        "pd.read_csv(path, skipinitialspace=True).rename(columns=str.strip)",
    ),
    "remarks": (b"Measured in May\n\nx,y,kind\n1.5,2,a\n-2.5,3,b\n", "pd.read_csv(path, skiprows=2)"),
    "stated": (b"sep=|\nx|y|kind\n1.5|2|a\n-2.5|3|b\n", "pd.read_csv(path, sep='|', skiprows=1)"),
    "thousands": (
        b'x;y;kind\n"1,5";1.002;01.02.2020\n"-2,5";2.003;02.02.2020\n',
        "pd.read_csv(path, sep=';', decimal=',', thousands='.', dtype={'kind': 'str'})",
    ),
    "quotes": (b'x\ty\tkind\n1.5\t2\t"a\n-2.5\t3\tb" "c\n', "pd.read_csv(path, sep='\\t', quoting=3)"),
    "a stand-in": (b"x,y,kind\n1.5,2,?\n-2.5,3,b\n?,4,?\n", "pd.read_csv(path, na_values={'x': ['?']})"),
    "a title": (b"Report 2020,,\n,,\nx,y,kind\n1.5,2,a\n-2.5,3,b\n", "pd.read_csv(path, skiprows=2)"),
    "totals": (
        b"x,y,kind\n1.5,2,a\n-2.5,3,b\n,,\nTotal,5,\nSource: x,,\n",
        "pd.read_csv(path, nrows=2)",
    ),
    "codes": (
        b"x,y,kind\n1.5,2,00012\n-2.5,3,10115\n0.5,4,NA\n",
        "pd.read_csv(path, dtype={'kind': 'str'})",
    ),
    "codes with an E": (
        b"x,y,kind\n1.5,2,003E4\n-2.5,3,12E5\n0.5,4,\n",
        "pd.read_csv(path, dtype={'kind': 'str'})",
    ),
    "long numbers": (
        b"x,y,kind\n1.5,2,9007199254740993\n-2.5,3,9007199254740995\n0.5,4,\n",
        "pd.read_csv(path, dtype={'kind': 'str'})",
    ),
    "long numbers in each row": (
        b"x,y,kind\n1.5,2,9007199254740993\n-2.5,3,9007199254740995\n",
        "pd.read_csv(path)",
    ),
    "numbers that may be long": (
        b"x,y,kind\n1.5,2,123456789012345\n-2.5,3,9007199254740992\n0.5,4,\n",
        "pd.read_csv(path)",
    ),
    "powers of ten": (b"x,y,kind\n1.5,2,1E5\n-2.5,3,2e4\n", "pd.read_csv(path)"),
    "narrow blanks": (
        "x;y;kind\n1,5;1\u202f002;a\n-2,5;2\u202f003;b\n".encode(),
        "pd.read_csv(path, sep=';', decimal=',', thousands='\\u202f', engine='python')",
    ),
    "apostrophes": (
        b"x;y;kind\n1.5;1'002;a\n-2.5;2'003;b\n",
        "pd.read_csv(path, sep=';', thousands=\"'\")",
    ),
    "units": ("x,y,kind\nm,°C,\n1.5,2,a\n-2.5,3,b\n".encode(), "pd.read_csv(path, skiprows=[1])"),
    "units below a title": (
        "Report 2020,,\n,,\nx,y,kind\nm,°C,\n1.5,2,a\n-2.5,3,b\n".encode(),
        "pd.read_csv(path, skiprows=[0, 1, 3])",
    ),
    "a word": (
        b"x,y,kind\n1.5,2,NA\n-2.5,3,EU\nNA,4,\n",
        "pd.read_csv(path, keep_default_na=False, na_values={'x': ['NA'], 'kind': ['']})",
    ),
}
"""What a table is like → its bytes, and the call that reads it."""


@pytest.mark.sample(4)
@pytest.mark.parametrize("kind", LAYOUTS)
def test_tables_as_people_have_them(shown_folder: Path, kind: str) -> None:
    data, call = LAYOUTS[kind]
    (shown_folder / "T.CSV").write_bytes(data)
    (found,) = DescribeTables(shown_folder, {}, "bubblewrap")()
    table = Table.model_validate(found)
    assert table.call == call
    assert [column.name for column in table.columns] == ["x", "y", "kind"]
    x, y, _ = table.columns
    assert (x.low, x.high, y.type, table.columns[2].distinct) == (-2.5, 1.5, "int64", 2)
    read = eval(call, {"pd": pd, "path": shown_folder / "T.CSV"})  # as prepare.py will
    assert [[str(cell) for cell in row] for row in read.itertuples(index=False)] == [list(row) for row in table.head]


@pytest.mark.sample(3)
@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"Report 2020,,\n,,\nx,y,kind\n1.5,2,a\n-2.5,3,b\n", "the table begins in line 3"),
        (b"x,y\n1,2\n3,4\n5,6\nTotal,12\n", "left out below the table: Total, 12 (1 rows)"),
        (b"x,y\n1,2\n3,4\n5,6\nmade in May,\n", "left out below the table: made in May (1 rows)"),
        (b"x,y\n1,2\n,\n5,6\n7,8\n", "1 rows are empty"),
        (b"x,zip\n1,00012\n2,10115\n", "digits that begin with 0 are text: 'zip'"),
        (b"x,zip\n1,003E4\n2,12E5\n", "digits that begin with 0 are text: 'zip'"),
        (b"x,n\n1,9007199254740993\n2,\n", "digits too long for a number with a point are text: 'n'"),
        ("x,y\nm,°C\n1,2\n3,4\n".encode(), "left out below the header: m, °C (a row of units)"),
        (b"x;y\n1.080;2\n3.947;4\n", "1.080 is read as 1080, and may be 1.08: 'x'"),
        (b'x,y\n"1,080",2\n"3,947",4\n', "1,080 is read as 1080, and may be 1.08: 'x'"),
        (b"a,b,a\n1,2,3\n4,5,6\n", "2 columns are called 'a': the others are a.1"),
        (b"a,,b\n1,2,3\n4,5,6\n", "1 columns have no name: pandas calls them 'Unnamed: ' and their number, from 0"),
    ],
)
def test_what_is_changed_is_told(shown_folder: Path, body: bytes, said: str) -> None:
    (shown_folder / "t.csv").write_bytes(body)
    (found,) = DescribeTables(shown_folder, {}, "bubblewrap")()
    assert said in Table.model_validate(found).understood


def test_what_looks_like_a_total_stays(shown_folder: Path) -> None:
    """A category of many rows; a name that comes last; the digits of a number."""
    for name, body in {
        "a": b"kind,y\nall,1\ntotal,2\nall,3\ntotal,4\n",
        "b": b"name,y\nash,1\nbirch,2\noak,\n",
        "c": b"x,y\n0,0.5\n10,1.5\n0,07.5\n",
    }.items():
        (shown_folder / f"{name}.csv").write_bytes(body)
    for found in DescribeTables(shown_folder, {}, "bubblewrap")():
        table = Table.model_validate(found)
        assert (table.call, table.understood) == ("pd.read_csv(path)", ())


def test_codes_in_json(shown_folder: Path) -> None:
    (shown_folder / "t.jsonl").write_bytes(b'{"zip": "00012", "y": 1}\n{"zip": "10115", "y": 2}\n')
    (found,) = DescribeTables(shown_folder, {}, "bubblewrap")()
    table = Table.model_validate(found)
    assert table.columns[0].examples == ("00012", "10115")
    assert table.call == "pd.read_json(path, lines=True, dtype={'zip': 'object'})"
    read = eval(table.call, {"pd": pd, "path": shown_folder / "t.jsonl"})
    assert list(read["zip"]) == ["00012", "10115"]


@pytest.mark.parametrize("orient", ["split", "index", "values", "table"])
def test_layouts_of_json(shown_folder: Path, orient: Literal["split", "index", "values", "table"]) -> None:
    frame = pd.DataFrame({"a": range(300), "b": ["NA", "no"] * 150})
    frame.to_json(shown_folder / "t.json", orient=orient)
    (found,) = DescribeTables(shown_folder, {}, "bubblewrap")()
    table = Table.model_validate(found)
    assert (table.rows, [column.distinct for column in table.columns]) == (300, [300, 2])
    assert len(table.understood) >= 2
    read = eval(table.call, {"pd": pd, "path": shown_folder / "t.json"})
    assert read.to_numpy().tolist() == frame.to_numpy().tolist()


def test_long_numbers_in_json(shown_folder: Path) -> None:
    (shown_folder / "t.json").write_text('[{"a": 9007199254740993, "b": "9007199254740993"}, {"a": null, "b": null}]')
    (shown_folder / "u.json").write_text('[{"a": "x\ty"}, {"a": "z"}]')
    found, other = DescribeTables(shown_folder, {}, "bubblewrap")()
    assert (other["rows"], other["understood"]) == (2, ["JSON"])
    table = Table.model_validate(found)
    assert table.columns[1].examples == ("9007199254740993",)
    assert table.understood[1:] == (
        "digits too long for a number with a point are text: 'b'",
        "whole numbers of 16 digits and more may be rounded, if they are no text: 'a'",
    )


def test_a_class_that_pandas_takes_for_a_missing_value(shown_folder: Path) -> None:
    (shown_folder / "t.csv").write_bytes(LAYOUTS["a word"][0])
    (found,) = DescribeTables(shown_folder, {}, "bubblewrap")()
    x, _, kind = Table.model_validate(found).columns
    assert (kind.examples, kind.words, kind.missing) == (("NA", "EU"), ("NA",), 1)
    assert (x.missing, x.words) == (1, ())


def test_rows_without_a_header(shown_folder: Path) -> None:
    rows = b"".join(b"%d, Private, %d, <=50K\n%d, State-gov, %d, >50K\n" % (n, 3 * n, n, 2 * n) for n in range(20, 40))
    (shown_folder / "adult.data").write_bytes(rows)
    (found,) = DescribeTables(shown_folder, {}, "bubblewrap")()
    table = Table.model_validate(found)
    assert (table.rows, [column.name for column in table.columns]) == (40, ["0", "1", "2", "3"])
    assert table.columns[3].examples == ("<=50K", ">50K")
    assert table.call == "pd.read_csv(path, header=None, skipinitialspace=True)"


@pytest.mark.slow
def test_long_values_and_many_columns_are_cut(shown_folder: Path) -> None:
    wide = pd.DataFrame({f"c{number}": ["x" * 5000] * 3 for number in range(300)})
    wide.to_csv(shown_folder / "wide.csv", index=False)
    (found,) = DescribeTables(shown_folder, {}, "bubblewrap")()
    assert len(json.dumps(found)) < 400_000
    assert len(Table.model_validate(found).columns) == 300


def test_a_bomb_in_a_file_is_ended(shown_folder: Path) -> None:
    block = gzip.compress(b"a,b\n" * (1 << 22))  # 16 MB in 16 kB
    (shown_folder / "bomb.csv.gz").write_bytes(block * 2000)
    with pytest.raises(Unreadable):
        DescribeTables(shown_folder, {}, "bubblewrap")()


def test_what_comes_with_scikit_learn(run: SynthesisRun) -> None:
    catalogue = BundledCatalogue(run)
    for offer in catalogue.offers():
        source = catalogue.open(offer.name, None)
        assert source is not None
        assert all(table.rows >= 400 and "No header" in table.note for table in source.tables)
    assert catalogue.open("iris", None) is None
    digits = catalogue.open("digits", None)
    assert digits is not None
    assert (digits.tables[0].rows, len(digits.tables[0].columns)) == (1797, 65)


def test_a_folder(run: SynthesisRun, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    (folder / "two").mkdir(parents=True)
    write(folder, "one.parquet")
    write(folder / "two", "a.csv")
    write(folder / "two", "b.tsv")
    (folder / "readme.md").write_text("x")
    (folder / ".hidden.csv").write_text("x")
    catalogue = FolderCatalogue(folder, Settings(), run)
    assert [offer.name for offer in catalogue.offers()] == ["one.parquet", "two"]
    two = catalogue.open("two", None)
    assert two is not None
    assert (two.dataset.files, sorted(two.files)) == (["a.csv", "b.tsv"], ["data/a.csv", "data/b.tsv"])
    assert catalogue.open("three", None) is None
    with pytest.raises(Unfit, match="at most 0 MB"):
        FolderCatalogue(folder, Settings(most_mb=0.0001), run).open("two", None)


@pytest.mark.slow
def test_every_file_of_a_folder_is_told_of(run: SynthesisRun, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    (folder / "two" / "deeper").mkdir(parents=True)
    write(folder, "one.parquet")
    (folder / "LOANS.CSV").write_bytes(LAYOUTS["Windows"][0])
    (folder / "LOANS.CSV.licence").write_text("CC0-1.0")
    write(folder / "two", "a.csv")
    (folder / "two" / "b.csv").write_text("a,b\n1,2\n3,4,5\n6,7\n")
    (folder / "torn.csv").write_bytes(b"a,b\n1,\x002\n")
    (folder / "book.xlsx").write_bytes(b"PK\x03\x04")
    (folder / "words.txt").write_text("Two lines of prose.\nNo table, that is.\n")
    (folder / "hp.csv").write_text("mpg,hp,from\n18,?,NA\n16,\n" + "15,90,EU\n" * 12)
    catalogue = FolderCatalogue(folder, Settings(), run)
    told = dict(line.split(": ", 1) for line in catalogue.notes_for_user())
    assert told.pop("book.xlsx").startswith("not offered: expected files that end in .csv, ")
    assert told == {
        "LOANS.CSV": "2 rows, 3 columns; encoding cp1252 (a guess; if it is wrong, save the file as UTF-8); "
        "';' is between cells; the decimal mark is a comma",
        "hp.csv": "14 rows, 3 columns; '?' is a missing number; 1 of the first 15 rows lack cells at their end; "
        "NA in 'from' is a value, not a missing one",
        "one.parquet": "4 rows, 4 columns; Parquet",
        "torn.csv": "not offered: holds the byte 0x00 (at 6), which no text does",
        "two/a.csv": "4 rows, 4 columns",
        "two/b.csv": "not offered: line 3 has 3 cells and others have 2, with ',' between cells",
        "two/deeper/": "not offered: tables are looked for in two/ itself",
        "words.txt": "not offered: it has one column, and nothing to predict it from",
    }
    assert [offer.name for offer in catalogue.offers()] == ["LOANS.CSV", "hp.csv", "one.parquet", "two"]
    two = catalogue.open("two", None)
    assert two is not None
    assert two.dataset.files == ["a.csv"]
    with pytest.raises(Unfit, match=r"cannot be read as tables: torn.csv: holds the byte 0x00"):
        catalogue.open("torn.csv", None)


def test_two_data_sets_of_one_name(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write(tmp_path / name, "t.csv")
    where = tuple(str(tmp_path / name) for name in ("a", "b"))
    with pytest.raises(UserError, match=r"both hold 't.csv'"):
        check_datasets(Settings(datasets=where))


def test_names_of_catalogues(run: SynthesisRun) -> None:
    assert [type(each).__name__ for each in open_catalogues(Settings(), run)] == ["HubCatalogue"]
    with pytest.raises(UserError, match="expected hub, sklearn, generated, or a folder"):
        check_datasets(Settings(datasets=("hup",)))
