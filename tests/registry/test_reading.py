from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
import yaml
from shipped import IDS, shipped

from synthgym.base.errors import SpecError
from synthgym.registry.challenge import load_challenge
from synthgym.registry.collections.info import load_info
from synthgym.registry.yaml_reading import parse_yaml, read_file, read_yaml


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
        ("a: &a [*a]", "stands for nothing before it, or for what holds it"),
        ("[" * 300_000, "nested more than 30"),
        ("- " * 300_000, "nested more than 30"),
        ("{a: " * 200_000, "nested more than 30"),
        ("x" * 2_000_000, "expected at most 1,048,576 bytes, got more"),
        (f"steps: {'9' * 5000}", "at most 18 digits"),
        (f"id: a\nsteps: {'9' * 19}", "line 2: expected a number of at most 18 digits, got 19"),
        (f"steps: 0x{'f' * 19}", "at most 18 digits"),
        (f"steps: {'9' * 500_000}.0", "at most 18 digits"),
        ('a: !!int ""', "tags are not read"),
        ("a: !!bool x", "tags are not read"),
        ("a: !!timestamp x", "tags are not read"),
        ("a: !!set {b}", "tags are not read"),
        ("a: &a {b: c}\n<<: [*a, *a]", "merge keys (<<) are not read"),
        ("[a]: b", "expected a text for a key, got list"),
        ("a: 1\n---\na: 2", "expected one document, got 2"),
        ("".join(f"%TAG !{n:x}! x\n" for n in range(70_000)) + "--- a", "line 1: directives are not read"),
        ("%YAML 1.1\n---\nid: a", "line 1: directives are not read: expected no line that begins with %"),
        ("\ufeff%TAG ! x\n--- a", "line 1: directives are not read"),
        ("id: a\n...\n%TAG ! x\n--- a", "line 3: directives are not read"),
        *((f"# a{end}%TAG ! x\n--- a", "line 2: directives") for end in ("\r", "\r\n", "\x85", "\u2028", "\u2029")),
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


def test_what_is_no_plain_value_is_a_text() -> None:
    """What YAML 1.1 makes dates, times and numbers of, and other loaders crash over or take minutes for."""
    for text in ("2026-99-99", "2026-01-01", "12:30:45", ":".join(["1"] * 300_000), "=", "0x", "1.2.3", "08"):
        assert parse_yaml(f"a: {text}") == {"a": text}


def test_keys_are_texts() -> None:
    """Numbers could be chosen such that they all fall on one place of a dictionary."""
    keys = [n * (2**61 - 1) for n in range(30_000)]
    assert parse_yaml("\n".join(f"{key}: 0" for key in keys)) == {str(key): 0 for key in keys}
    assert parse_yaml("{1: a, true: b, ~: c}") == {"1": "a", "true": "b", "~": "c"}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "1",
            "-1",
            "+7",
            "0",
            "1_000",
            "0x1F",
            "-0x1f",
            "0b101",
            "017",
            "1.5",
            "-1.5e+3",
            ".5",
            "1.",
            "1e5",
            "1.0e-5",
        ),
        *(
            "yes",
            "No",
            "on",
            "OFF",
            "true",
            "False",
            "TRUE",
            "y",
            "n",
            "~",
            "null",
            "Null",
            "",
            "none",
            ".inf",
            "-.Inf",
        ),
        *("'1'", '"true"', "!!str 1", "|\n  1", "a\n  b", "- 1\n- {a: [b, 2]}", "&x 1", "[&x 1, *x, {a: *x}]"),
    ],
)
def test_scalars_are_read_as_pyyaml_reads_them(text: str) -> None:
    for document in (text, f"a: {text}" if not text.startswith("-") else f"a:\n  {text}".replace("\n-", "\n  -")):
        assert parse_yaml(document) == yaml.safe_load(document), document


def test_what_is_shipped_is_read_as_pyyaml_reads_it() -> None:
    assert len(IDS) > 100
    for path in (shipped(name) / "challenge.yaml" for name in IDS[::10]):
        assert read_yaml(path) == yaml.safe_load(path.read_text())


def test_directives_are_refused_before_the_parser_compares_them() -> None:
    """Each with all others: many seconds for a megabyte."""
    text = "".join(f"%TAG !{n:x}! x\n" for n in range(70_000)) + "--- a"
    start = time.process_time()
    with pytest.raises(ValueError, match="directives are not read"):
        parse_yaml(text)
    assert time.process_time() - start < 1


def test_only_a_line_that_begins_with_it_is_a_directive() -> None:
    assert parse_yaml("a: 5 %\nb: |\n  %TAG\nc: '%'\n# %\n") == {"a": "5 %", "b": "%TAG\n", "c": "%"}


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
