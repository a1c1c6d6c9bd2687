from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from synthgym.base.errors import FileError
from synthgym.base.json_reading import (
    check_bounds,
    check_size,
    parse_beginning,
    parse_json,
    parse_object,
    read_json,
    read_lines,
    read_object,
    read_text,
)

ROOT = Path(__file__).parents[2]
WRONG: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "Expecting value"),
    "torn": (b'{"a": [1', "Expecting"),
    "two": (b"1 2", "Extra data"),
    "not UTF-8": (b'"caf\xe9"', "not UTF-8 text (byte 4)"),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), "not UTF-8 text"),
    "never closed": (b"[" * 900_000, "at most 100 levels"),
    "deep": (b"[" * 101 + b"]" * 101, "at most 100 levels"),
    "deep objects": (b'{"a":' * 5000 + b"1" + b"}" * 5000, "at most 100 levels"),
    "deep behind a text": (b'["\\\\", "\\"[", ' + b"[" * 101 + b"]" * 101 + b"]", "at most 100 levels"),
    "wide": (b"[" + b"0," * 1_000_000 + b"0]", "at most 1,000,000 values"),
    "empty lists": (b"[" + b"[]," * 500_001 + b"0]", "at most 1,000,000 values"),
    "large": (b'"' + b"x" * (64 << 20) + b'"', "at most 67,108,864 bytes"),
    "many digits": (b"9" * 400, "a number of 400 digits: expected at most 40"),
    "more digits than Python reads": (b"9" * 5000, "a number of 5,000 digits"),
    "a long fraction": (b"0." + b"0" * 1_000_000, "a number of 1,000,002 digits"),
    "no float": (b"[-1e999]", "larger than any that can be held"),
    "NaN": (b'{"a": NaN}', "NaN is no number in JSON"),
    "infinity": (b"[-Infinity]", "-Infinity is no number in JSON"),
}


@pytest.mark.parametrize(("data", "said"), WRONG.values(), ids=WRONG)
def test_what_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        parse_json(data)
    (tmp_path / "x.json").write_bytes(data)
    with pytest.raises(FileError, match=r"x\.json: .*" + re.escape(said)) as caught:
        read_json(tmp_path / "x.json")
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    "value",
    [
        {"a": [1, -2.5, 1e308, 5e-324, None, True, "é\n\ud800", 2**128]},
        "[" * 1000 + '\\"' * 1000 + "{,",
        ["[[[[", '"[', "\\", '\\"', "]"] * 1000,
        [[[]]] * 1000,
        {str(number): {"b": {}} for number in range(1000)},
    ],
    ids=["mixed", "text", "texts", "lists", "objects"],
)
def test_what_is_read(value: Any) -> None:
    text = json.dumps(value)
    assert parse_json(text) == parse_json(text.encode()) == parse_json(b"\xef\xbb\xbf" + text.encode()) == value
    assert parse_json(json.dumps(value, ensure_ascii=False)) == value


def test_depth_is_exact() -> None:
    for opened, closed in (("[", "]"), ('{"a":', "}"), ('[{"[":', "}]")):
        levels = 50 if len(closed) == 2 else 100
        text = opened * levels + "0" + closed * levels
        assert parse_json(text)
        with pytest.raises(ValueError, match="at most 100 levels"):
            check_bounds(opened * (levels + 1) + "0" + closed * (levels + 1))


def test_commas_in_texts_are_no_values() -> None:
    text = json.dumps([",[{" * 500_000, "\\" * 7 + '",' * 400_000])
    check_size(text)
    assert len(parse_json(text)) == 2
    with pytest.raises(ValueError, match="at most 10 values"):
        check_size(json.dumps(list(range(11))), most_values=10)


def test_numbers_of_programs_that_went_wrong() -> None:
    found = parse_json(b"[NaN, 1e999, -Infinity, %s, -%s]" % (b"9" * 400, b"9" * 5000), finite=False)
    assert found[0] != found[0]
    assert found[1:] == [float("inf"), float("-inf"), float("inf"), float("-inf")]


def test_an_object_is_one(tmp_path: Path) -> None:
    for text, kind in (
        ("[1]", "a list"),
        ('"a\x7f"', "the text 'a"),
        ("null", "null"),
        ("1", "the number 1"),
        ("true", "true"),
    ):
        with pytest.raises(ValueError, match=f"expected an object, got {kind}"):
            parse_object(text)
        (tmp_path / "x").write_text(text)
        with pytest.raises(FileError, match=f"x: expected a JSON object, got {kind}"):
            read_object(tmp_path / "x")


def test_the_beginning_of_a_text() -> None:
    assert parse_beginning('so: {"a": [1]} and so on', 4) == {"a": [1]}
    for text in ("{", "[" * 100_000, "9" * 400, "NaN"):
        with pytest.raises(ValueError):
            parse_beginning(text, 0)


def test_lines(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_bytes(b"a\n\nb\xe2\x80\xa8c\r\nd")
    assert list(read_lines(path)) == [(1, b"a\n"), (2, b"\n"), (3, b"b\xe2\x80\xa8c\r\n"), (4, b"d")]
    with pytest.raises(FileError, match="lines, line 3: expected at most 5 bytes, got more"):
        list(read_lines(path, most_line=5))
    with pytest.raises(FileError, match="lines: expected at most 5 bytes, got more"):
        list(read_lines(path, most_bytes=5))


def test_only_regular_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_text("{}")
    (tmp_path / "zero").symlink_to("/dev/zero")
    (tmp_path / "loop").symlink_to("loop")
    for name in ("pipe", "zero", "loop", ".", "a\0b", "\ud800"):
        for read in (read_json, read_text, lambda path: list(read_lines(path))):
            with pytest.raises((FileError, FileNotFoundError)):
                read(tmp_path / name)
    for read in (read_json, read_object, lambda path: list(read_lines(path))):
        with pytest.raises(FileNotFoundError):
            read(tmp_path / "none")
        with pytest.raises(NotADirectoryError):
            read(tmp_path / "file" / "none")


_IN_LITTLE_MEMORY = """
import sys
from pathlib import Path
from synthgym.base.json_reading import read_json
from synthgym.base.errors import FileError
from synthgym.registry.collections.index import read_index
try:
    read_json(Path(sys.argv[1]) / "index.json")
except FileError as error:
    print(error)
print(len(read_index(Path(sys.argv[1])).entries))
"""


@pytest.mark.slow
@pytest.mark.parametrize("piece", [b"[],", b'{"[":0},', b'{"":0},', b'[{"":""}],', b"0,"])
def test_memory_is_bounded(tmp_path: Path, piece: bytes) -> None:
    (tmp_path / "collection.yaml").write_text("namespace: wide\ntitle: Wide\n")
    inside = piece * (60_000_000 // len(piece))
    (tmp_path / "index.json").write_bytes(b'{"format": 1, "challenges": [%s0]}' % inside)
    memory = 700 << 20
    done = subprocess.run(
        [sys.executable, "-c", _IN_LITTLE_MEMORY, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (memory, memory)),
    )
    assert done.returncode == 0, done.stderr
    assert "index.json: not valid JSON: expected at most 1,000,000 values, got more" in done.stdout
    assert done.stdout.splitlines()[-1] == "0"


_BARE = re.compile(r"\bjson\.loads?\(|\.model_validate_json\(|pydantic_core.*from_json|JSONDecoder\(|\.json\(\)")
_MAY = {
    "synthgym/base/json_reading.py": "the reader",
    "agents/trajectories/trajectory.py": "bounded by the reader, then parsed by pydantic: five times faster",
    "envs/sandboxes/supervisor_frames.py": "heads of 4 KiB at most, every field checked, twice in each step",
    "train/small/tokenizer.py": "of the library itself, and as large as a vocabulary",
    "synthgym/synthesis/language/data/describe_tables.py": "runs in a sandbox",
    "registry/mlgym/prepare_task.py": "runs in a sandbox",
    "registry/mlgym/hub/data.py": "text of a program that runs in a sandbox",
    "synthgym/synthesis/families/tabular/layouts.py": "text of starters, which run in a sandbox",
}
"""Files that may read JSON by themselves, and why."""


def test_nothing_else_reads_json() -> None:
    found = set()
    for floor in ("agents", "envs", "registry", "synthgym", "train"):
        for path in (ROOT / floor).rglob("*.py"):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith(("envs/tools/", "registry/examples/")) and _BARE.search(path.read_text("utf-8")):
                found.add(name)
    assert found == set(_MAY)
