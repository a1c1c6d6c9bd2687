"""Files of a JSON object a line, such as ledgers and scores: one reader for what is damaged in them.

A file that was copied or written only in part ends in the middle of a line: what stands before that is good, and is
read. Any other damage is an error that names file and line, as nobody can tell what else is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from synthgym.base.errors import FileError
from synthgym.base.json_reading import kind_of, parse_json, read_lines
from synthgym.base.messages import warn

Record = TypeVar("Record")


def read_records(
    path: Path,
    parse: Callable[[dict[str, Any]], Record],
    links: bool = True,
    wrong: Callable[[FileError], None] | None = None,
) -> Iterator[Record]:
    """What the lines of a file hold, one by one; blank ones are passed over.

    So is the last one, with a warning, where it is torn: without its end, and no JSON.

    Args:
        path: The file.
        parse: Makes of a line's object what it stands for. Raises `ValueError` where it stands for nothing.
        links: See `synthgym.base.json_reading.open_regular`.
        wrong: Told of a line that is damaged, which is passed over then; by default that ends the reading.

    Raises:
        FileNotFoundError: There is no such file.
        NotADirectoryError: The same.
        FileError: It cannot be read, or a line is damaged; names file and line.
    """
    for number, line in read_lines(path, links=links):
        if line.isspace():
            continue
        try:
            record = _parsed(line, parse)
        except _NoJson as error:
            if line.lstrip().startswith(b"{") and not line.endswith((b"\n", b"}")):
                warn(f"{path}: line {number} ends in the middle, and is passed over: the file is not whole", 3)
                return
            problem = FileError(f"{path}: line {number}: not valid JSON: {error}")
        except ValueError as error:
            problem = FileError(f"{path}: line {number}: {error}")
        else:
            yield record
            continue
        if wrong is None:
            raise problem
        wrong(problem)


class _NoJson(ValueError):
    pass


def _parsed(line: bytes, parse: Callable[[dict[str, Any]], Record]) -> Record:
    try:
        found = parse_json(line)
    except ValueError as error:
        raise _NoJson(str(error)) from None
    if not isinstance(found, dict):
        raise ValueError(f"expected an object, got {kind_of(found)}")
    return parse(found)
