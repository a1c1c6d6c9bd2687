"""Files of strangers are read as tables, or not at all: nothing in them is run, and none takes much room."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import pickle
import tarfile
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest

from synthgym.synthesis.leaks.cells import as_numbers
from synthgym.synthesis.leaks.hidden_labels import HiddenLabels
from synthgym.synthesis.leaks.leaking_columns import find_leaking_column
from synthgym.synthesis.leaks.rows import order_leak, rows_found_again
from synthgym.synthesis.tables.archives import MOST_BYTES
from synthgym.synthesis.tables.tables import MOST_ROWS, Table, read_tables, table_of_hidden_rows


def one(place: Path, name: str, data: bytes, rows: int = 0) -> dict[str, list[str]]:
    """The columns of the only table in a file."""
    (place / name).write_bytes(data)
    (table,) = read_tables(place, rows)
    assert table.name.split(": ")[0] == name
    return table.columns


TABLES = {
    "commas": b"a,b\n1,p\n2,q\n",
    "semicolons, blanks, a byte-order mark": b'\xef\xbb\xbf"a" ; b\r\n1;p\r\n\r\n2;"q"\r\n',
    "tabulators": b"a\tb\n1\tp\n2\tq",
    "UTF-16": "a;b\n1;p\n2;q\n".encode("utf-16"),
    "the delimiter stated": b"sep=;\r\na;b\r\n1;p\r\n2;q\r\n",
    "a remark above": b"made by x, y and z, last week\na,b\n1,p\n2,q\n",
    "gzip": gzip.compress(b"a,b\n1,p\n2,q\n"),
    "bzip2": bz2.compress(b"a,b\n1,p\n2,q\n"),
    "JSON by column": b' {"a": [1, 2], "b": ["p", "q"]}',
    "JSON by row": b'[{"a": 1, "b": "p"}, {"b": "q", "a": 2, "c": 0}]',
    "zlib": zlib.compress(b"a,b\n1,p\n2,q\n"),
    "a row of units": b"a,b\nkg,\n1,p\n2,q\n",
    "JSON inside": b'{"rows": {"a": [1, 2], "b": ["p", "q"]}}',
    "JSON by line": b'{"a": 1, "b": "p"}\n{"a": 2, "b": "q"}\n',
}


@pytest.mark.parametrize("name", TABLES)
def test_one_table_in_many_formats(name: str, tmp_path: Path) -> None:
    assert one(tmp_path, "x", TABLES[name]) == {"a": ["1", "2"], "b": ["p", "q"]}


def test_rows_of_another_width(tmp_path: Path) -> None:
    """Those above and below all others are remarks; those between keep their place."""
    rows = [f"{number},p" for number in range(50)]
    rows[7], rows[9] = "7", "9,p,odd"
    text = "\n".join(["a,b", "in m", *rows, "50 rows", "the end"])
    columns = one(tmp_path, "x.csv", text.encode())
    assert columns["a"] == [str(number) for number in range(50)]
    assert columns["b"] == ["" if number == 7 else "p" for number in range(50)]


def test_rows_that_lack_a_cell(tmp_path: Path) -> None:
    rows = [{"a": number, "b": "p"} for number in range(50)]
    del rows[7]["b"]
    expected = ["" if number == 7 else "p" for number in range(50)]
    assert one(tmp_path, "x.json", json.dumps(rows).encode())["b"] == expected
    assert one(tmp_path, "x.json", json.dumps([list(row.values()) for row in rows]).encode())["column 1"] == expected


def test_rows_under_their_names(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"first": {"a": 1, "b": "p"}, "second": {"a": 2, "b": "q"}}')
    assert {"key": ["first", "second"], "a": ["1", "2"], "b": ["p", "q"]} in [
        table.columns for table in read_tables(tmp_path)
    ]


def test_a_structured_array(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.rec.fromarrays([[1, 2], [0.5, 0.25]], names=["a", "b"]))
    (table,) = read_tables(tmp_path)
    assert table.columns == {"a": ["1", "2"], "b": ["0.5", "0.25"]}


def tar(*names_and_bodies: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, body in names_and_bodies:
            info = tarfile.TarInfo(name)
            info.size = len(body)
            archive.addfile(info, io.BytesIO(body))
    return file.getvalue()


def huge_member() -> bytes:
    info = tarfile.TarInfo("x.csv")
    info.size = 10**12
    return info.tobuf() + b"a,b\n1,2\n"


def test_archives(tmp_path: Path) -> None:
    table = b"a,b\n1,p\n2,q\n"
    inside = tar(("in/x.csv", table), ("in/y.csv.gz", gzip.compress(table)), ("z.tar", tar(("x.csv", table))))
    for name, data in (("x.tar", inside), ("x.tgz", gzip.compress(inside)), ("cut.tar", inside[:-3000])):
        (tmp_path / name).write_bytes(data)
    found = {table.name for table in read_tables(tmp_path)}
    assert found >= {f"{name}: {member}" for name in ("x.tar", "x.tgz") for member in ("in/x.csv", "in/y.csv.gz")}
    assert not any("z.tar" in name for name in found)


def test_lines_without_a_header(tmp_path: Path) -> None:
    text = b"1 0.5\n2 0.25\n3 0.125\n"
    assert one(tmp_path, "x.txt", text, rows=3) == {"column 0": ["1", "2", "3"], "column 1": ["0.5", "0.25", "0.125"]}
    assert one(tmp_path, "x.txt", text)["column 0"] == ["2", "3"]


def test_numbers_and_letters_as_they_are_written_elsewhere(tmp_path: Path) -> None:
    text = "größe (m, innen);wert;tag;art\n1,5;1.234,5;01.02.2020;süß\n-0,25;12,0;02.02.2020;saß\n"
    assert one(tmp_path, "x.csv", text.encode("cp1252")) == {
        "größe (m, innen)": ["1.5", "-0.25"],
        "wert": ["1234.5", "12.0"],
        "tag": ["01.02.2020", "02.02.2020"],
        "art": ["süß", "saß"],
    }


def test_arrays(tmp_path: Path) -> None:
    for name, array in (
        ("flat.npy", np.arange(5)),
        ("wide.npy", np.asfortranarray(np.arange(10.0).reshape(5, 2))),
        ("text.npy", np.array(["p", "q", "p", "q", "q"])),
    ):
        np.save(tmp_path / name, array)
    tables = {table.name: table.columns for table in read_tables(tmp_path)}
    assert tables["flat.npy"] == {"column 0": ["0", "1", "2", "3", "4"]}
    assert tables["wide.npy"]["column 1"] == ["1.0", "3.0", "5.0", "7.0", "9.0"]
    assert tables["text.npy"] == {"column 0": ["p", "q", "p", "q", "q"]}
    np.savez(tmp_path / "both.npz", u=np.arange(3), v=np.arange(4))
    assert {"both.npz: u.npy", "both.npz: v.npy"} < {table.name for table in read_tables(tmp_path)}


def test_a_long_table_is_read_here_and_there(tmp_path: Path) -> None:
    rows = 3 * MOST_ROWS - 7
    (tmp_path / "x.csv").write_text("a\n" + "".join(f"{number}\n" for number in range(rows)))
    (table,) = read_tables(tmp_path)
    assert table.rows == rows
    assert len(table.picked) <= MOST_ROWS
    assert table.columns["a"] == [str(number) for number in table.picked]
    assert table.picked[-1] > 0.99 * rows


class Malicious:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (Path.touch, (Path("ran"),))


def huge_array() -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": "<f8", "fortran_order": False, "shape": (10**12,)})
    return file.getvalue() + bytes(100)


def objects() -> bytes:
    file = io.BytesIO()
    np.save(file, np.array([Malicious()], dtype=object), allow_pickle=True)
    return file.getvalue()


def bomb(kind: str) -> bytes:
    much = bytes(MOST_BYTES + 1)
    if kind == "gzip":
        return gzip.compress(much)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"{number}.csv", much)
    return file.getvalue()


def test_a_long_number_is_infinite(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"[" + b"9" * 100_000 + b"]")
    assert [table.columns for table in read_tables(tmp_path)] == [{"value": ["inf"]}]


@pytest.mark.parametrize(
    "data",
    {
        "empty": b"",
        "binary": b"\x00\xff\xfe" * 100,
        "ragged": b"a,b\n1,2\n3\n",
        "deep": b"[" * 200_000,
        "an array that says it is huge": huge_array(),
        "an array of objects": objects(),
        "an array cut off": b"\x93NUMPY\x01\x00v\x00{'descr'",
        "gzip cut off": gzip.compress(b"a,b\n1,2\n")[:-9],
        "gzip in gzip": gzip.compress(gzip.compress(b"a,b\n1,2\n")),
        "gzip of much": bomb("gzip"),
        "zip of much": bomb("zip"),
        "tar of nothing": tar() + b"ustar",
        "tar that says it is huge": huge_member(),
        "zlib cut off": zlib.compress(b"a,b\n1,2\n")[:5],
        "zip cut off": b"PK\x03\x04" + bytes(50),
        "a pickle": pickle.dumps(Malicious()),
    }.items(),
    ids=lambda item: item[0],
)
def test_what_is_no_table_is_passed_over(
    data: tuple[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x").write_bytes(data[1])
    tracemalloc.start()
    try:
        assert read_tables(tmp_path) == []
        assert tracemalloc.get_traced_memory()[1] < 5 * MOST_BYTES
    finally:
        tracemalloc.stop()
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_one_long_cell_makes_no_large_column() -> None:
    cells = ["x" * 100_000, *["1"] * 5000]
    hidden = HiddenLabels(classes=np.arange(5001) % 2)
    tracemalloc.start()
    try:
        assert as_numbers(cells) is None
        assert find_leaking_column({"text": cells}, hidden) is None
        assert order_leak(hidden, Table("x", 5001, np.arange(5001), {"text": cells})) is not None  # 0, 1, 0, 1, …
        assert tracemalloc.get_traced_memory()[1] < 20 << 20
    finally:
        tracemalloc.stop()


def test_odd_cells_are_no_error() -> None:
    rng = np.random.default_rng(0)
    odd = ["", "nan", "inf", "-1e999", "1_0", "٣", "0x1", "1e", "\x00", "a1b2", "é", "1" * 70, "--", "7 8"]
    for hidden in (HiddenLabels(classes=rng.integers(3, size=300)), HiddenLabels(values=rng.normal(size=300))):
        for some in (odd, odd[:4], odd[3:4], ["3", "4", ""]):
            columns = {"a": [some[i % len(some)] for i in rng.permutation(300)], "b": [some[0]] * 300}
            table = Table("x", 300, np.arange(300), columns)
            assert find_leaking_column(columns, hidden) is None
            assert order_leak(hidden, table) is None
            assert rows_found_again(table, table) is None


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside.csv").write_text("a,b\n1,2\n")
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "x.csv").symlink_to(tmp_path / "outside.csv")
    assert read_tables(tmp_path / "inside") == []


def test_which_table_is_that_of_the_hidden_rows() -> None:
    def table(name: str, rows: int, columns: str) -> Table:
        return Table(name, rows, np.arange(rows), {column: [json.dumps(0)] * rows for column in columns})

    train, test, sample, notes = (
        table("train", 5, "aby"),
        table("test", 5, "ab"),
        table("sample", 5, "y"),
        table("notes", 5, "pqrst"),
    )
    assert table_of_hidden_rows([train, test, sample, notes], 5, ["y"]) is test
    assert table_of_hidden_rows([sample, notes, test, train], 5, ["p_yes", "p_no"]) is test
    assert table_of_hidden_rows([train, sample], 5, ["y"]) is None
    assert table_of_hidden_rows([train, test], 4, ["y"]) is None
