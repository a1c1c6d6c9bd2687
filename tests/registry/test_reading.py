from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from synthgym.base.errors import SpecError
from synthgym.registry.challenge import load_challenge
from synthgym.registry.collection import load_info
from synthgym.registry.reading import read_file, read_yaml


def laughs(levels: int) -> str:
    lines = ["a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (laughs(9), "unfolds into more than"),
        (laughs(9) + "\ntitle: *a8\n", "unfolds into more than"),
        (f"a: &a {'x' * 200_000}\nb: [{', '.join(['*a'] * 5000)}]", "unfolds into more than"),
        ("a: &a [*a]", "stands for nothing before it, or for what it stands in"),
        ("[" * 300_000, "nested more than 30"),
        ("- " * 300_000, "nested more than 30"),
        ("{a: " * 200_000, "nested more than 30"),
        ("x" * 2_000_000, "expected at most 1,048,576 bytes, got more"),
        ("day: 2026-99-99", "not valid YAML"),
        (f"steps: {'9' * 5000}", "not valid YAML"),
        ("a: !!python/object/apply:os.system [true]", "not valid YAML"),
        ("{a: b}: c: d", "not valid YAML"),
        (b"id: caf\xe9", "not valid YAML: not UTF-8 text (byte 7)"),
        (b"id: \x00", "not valid YAML"),
        ("id: line".encode("utf-16"), "not valid YAML"),
    ],
)
def test_what_no_spec_is(tmp_path: Path, text: str | bytes, said: str) -> None:
    for name in ("challenge.yaml", "collection.yaml"):
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    for load in (load_challenge, load_info):
        with pytest.raises(SpecError) as caught:
            load(tmp_path)
        assert said in str(caught.value)
        assert len(str(caught.value)) < 1000


def test_aliases_of_usual_size_are_read(tmp_path: Path) -> None:
    shared = ["a.csv", "b.csv"]
    (tmp_path / "a.yaml").write_text(yaml.safe_dump({"one": shared, "two": shared}))
    assert "*id001" in (tmp_path / "a.yaml").read_text()
    assert read_yaml(tmp_path / "a.yaml") == {"one": shared, "two": shared}


def test_errors_quote_no_more_than_a_line(tmp_path: Path) -> None:
    (tmp_path / "challenge.yaml").write_text(f"{laughs(4)}\ntitle: *a3\nversion: 0x{'f' * 9000}\nid: '\x1b[2J'\n")
    with pytest.raises(SpecError) as caught:
        load_challenge(tmp_path)
    assert all(len(line) < 300 + len(str(tmp_path)) for line in str(caught.value).splitlines())
    assert "\x1b" not in str(caught.value)


def test_only_regular_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "zero").symlink_to("/dev/zero")
    for name in ("fifo", "zero"):
        with pytest.raises(SpecError, match="expected a regular file"):
            read_file(tmp_path / name)
    with pytest.raises(SpecError, match="cannot be read"):
        read_file(tmp_path)
    with pytest.raises(FileNotFoundError):
        read_file(tmp_path / "none")
