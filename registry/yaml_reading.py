"""Reading YAML of strangers: a regular file, of a size that a person could read, as shallow as it looks.

PyYAML's loaders follow aliases without counting what they stand for, end the process over a deep nesting, raise
whatever Python raises over a scalar that is not what its tag says, and read `1:1:1:…` in quadratic time. So only its
events are used here, and what they describe is built of plain types: mappings with texts for keys, lists, texts,
numbers, true and false, None. Before its first event the parser compares each `%TAG` directive with all others: it is
given no text with directives.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from synthgym.base.errors import FileError, SpecError
from synthgym.base.json_reading import read_bytes

MOST_BYTES = 1 << 20
"""Of a spec."""

MOST_DEPTH = 30
MOST_NODES = 100_000
"""Lists, mappings and values in one file, aliases counted as what they stand for; long texts count for more."""

MOST_DIGITS = 18
"""Of a whole number."""

_NODE_CHARACTERS = 100
_DIRECTIVE = re.compile("(?:^|[\n\r\x85\u2028\u2029])\ufeff?%")  # after whatever ends a line in YAML 1.1

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_file(path: Path, most_bytes: int = MOST_BYTES, links: bool = False) -> bytes:
    """The bytes of a regular file; a link to one is followed only with `links`, for a file that the user named.

    Raises:
        FileNotFoundError: There is none.
        NotADirectoryError: The same.
        SpecError: It is something else than a file, is larger, or cannot be read.
    """
    try:
        return read_bytes(path, most_bytes, links)
    except FileError as error:
        raise SpecError(str(error)) from error


def read_yaml(path: Path, links: bool = False) -> Any:
    """What a YAML file holds, built of plain types only; for `links` see `read_file`.

    Raises:
        FileNotFoundError: There is none.
        NotADirectoryError: The same.
        SpecError: It cannot be read, is no YAML, or unfolds into more than a spec can hold.
    """
    try:
        return parse_yaml(read_file(path, links=links))
    except ValueError as error:
        raise SpecError(f"{path}: not valid YAML: {error}") from error


def parse_yaml(data: bytes | str, unique_keys: bool = False) -> Any:
    """What a YAML document holds: dictionaries with text for keys, lists, and scalars as YAML 1.1 reads them.

    Dates, times and numbers to the base of 60 are texts; directives, tags and merge keys are refused. So is a key that
    stands in a mapping already, with `unique_keys`; else its last value counts, as for PyYAML.

    Raises:
        ValueError: It is no YAML, or unfolds into more than `MOST_NODES` values or deeper than `MOST_DEPTH`.
    """
    if len(data) > MOST_BYTES:
        raise ValueError(f"expected at most {MOST_BYTES:,} bytes")
    try:
        text = data if isinstance(data, str) else data.decode("utf-8")
        if found := _DIRECTIVE.search(text):
            line = len(text[: found.end()].splitlines())
            raise ValueError(f"line {line}: directives are not read: expected no line that begins with %")
        return _Builder(unique_keys).build(text)
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 text (byte {error.start})") from error
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error


class _Builder:
    """Builds a document from the parser's events, with a stack of its own."""

    def __init__(self, unique_keys: bool) -> None:
        self.unique_keys = unique_keys
        self.open: list[_Open] = [_Open([], None)]
        self.anchors: dict[str, tuple[Any, int]] = {}  # what each stands for, and how much that is

    def build(self, text: str) -> Any:
        for event in yaml.parse(text, Loader=_Loader):
            try:
                self._take(event)
            except ValueError as error:
                line = event.start_mark.line + 1 if event.start_mark else "?"
                raise ValueError(f"line {line}: {error}") from None
        documents = self.open[0].node
        if len(documents) > 1:
            raise ValueError(f"expected one document, got {len(documents)}")
        return documents[0] if documents else None

    def _take(self, event: Any) -> None:
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._begin({} if isinstance(event, yaml.MappingStartEvent) else [], event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._end()
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor is None or event.anchor not in self.anchors:
                raise ValueError(
                    f"alias {_short(str(event.anchor))} stands for nothing before it, or for what holds it"
                )
            self._put(*self.anchors[event.anchor])

    def _begin(self, node: Any, event: Any) -> None:
        if event.tag is not None:
            raise ValueError(f"tags are not read, got {_short(event.tag)}")
        self.open.append(_Open(node, event.anchor))
        if len(self.open) > MOST_DEPTH + 1:
            raise ValueError(f"nested more than {MOST_DEPTH} levels deep")

    def _end(self) -> None:
        ended = self.open.pop()
        if ended.anchor is not None:
            self.anchors[ended.anchor] = (ended.node, ended.size)
        self._put(ended.node, ended.size)

    def _scalar(self, event: Any) -> None:
        if event.tag not in (None, "!", "tag:yaml.org,2002:str"):
            raise ValueError(f"tags are not read, got {_short(event.tag)}")
        plain = event.tag is None and event.implicit[0]
        holder = self.open[-1]
        if isinstance(holder.node, dict) and holder.key is None:
            if plain and event.value == "<<":
                raise ValueError("merge keys (<<) are not read")
            value = event.value  # a key is a text, whatever it looks like
        else:
            value = plain_scalar(event.value) if plain else event.value
        size = 1 + len(event.value) // _NODE_CHARACTERS
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, size)
        self._put(value, size)

    def _put(self, value: Any, size: int) -> None:
        """Lays a value where the next one goes."""
        holder = self.open[-1]
        holder.size += size
        if holder.size > MOST_NODES:
            raise ValueError(f"unfolds into more than {MOST_NODES:,} values")
        if isinstance(holder.node, list):
            holder.node.append(value)
        elif holder.key is None:
            if not isinstance(value, str):
                raise ValueError(f"expected a text for a key, got {type(value).__name__}")
            if self.unique_keys and value in holder.node:
                raise ValueError(f"the key {_short(value)} stands there twice")
            holder.key = value
        else:
            holder.node[holder.key] = value
            holder.key = None


class _Open:
    """A mapping or a list whose end is still to come; its own size is one more than that of what it holds."""

    def __init__(self, node: Any, anchor: str | None) -> None:
        self.node, self.anchor, self.size = node, anchor, 1
        self.key: str | None = None


_CONSTANTS: dict[str, bool | float | None] = {"": None, "~": None}
for _meant, _words in ((None, "null"), (True, "yes true on"), (False, "no false off")):
    for _word in _words.split():
        _CONSTANTS |= dict.fromkeys((_word, _word.title(), _word.upper()), _meant)
for _sign in ("", "+", "-"):
    _CONSTANTS |= dict.fromkeys((f"{_sign}.inf", f"{_sign}.Inf", f"{_sign}.INF"), float(f"{_sign}inf"))
_CONSTANTS |= dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan"))

_NUMBER = re.compile(
    r"(?P<sign>[-+]?)(?:(?P<b2>0b[01_]+)|(?P<b16>0x[0-9a-fA-F_]+)|(?P<b8>0[0-7_]+)|(?P<b10>0|[1-9][0-9_]*)"
    r"|(?P<float>(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]{1,5})?))"
)
_BASES = {"b2": 2, "b8": 8, "b10": 10, "b16": 16}


def plain_scalar(text: str) -> Any:
    """What a scalar without quotes stands for.

    Raises:
        ValueError: It is a whole number of more than `MOST_DIGITS` digits.
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    found = _NUMBER.fullmatch(text[:1000])
    if not found or len(text) > 1000:
        if len(text) > 1000 and _NUMBER.fullmatch(text):
            raise ValueError(f"expected a number of at most {MOST_DIGITS} digits, got {len(text):,}")
        return text
    kind, digits = str(found.lastgroup), text.replace("_", "")
    if kind == "float":
        return float(digits)
    digits = digits.lstrip("+-").lower().removeprefix("0b").removeprefix("0x").lstrip("0") or "0"
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"expected a number of at most {MOST_DIGITS} digits, got {len(digits)}")
    return int(digits, _BASES[kind]) * (-1 if found["sign"] == "-" else 1)


def _short(text: str, most: int = 80) -> str:
    """A stranger's text as errors quote it."""
    return repr(text if len(text) <= most else f"{text[: most - 1]}…")
