"""Whether a file of a stranger's is a Python program: told by Python's parser, of what the parser takes in its stride.

The parser runs in this process, holds it up, and takes 50 to 1,000 bytes of memory for each byte of a program; dotted
names in imports, and f-strings of many fields, take it quadratic time. So what is larger than programs are, or may be
such a case, is told as that and not parsed.
"""

from __future__ import annotations

import io
import re
import tokenize
import warnings
from pathlib import Path

from synthgym.base.errors import FileError
from synthgym.base.json_reading import read_bytes
from synthgym.base.python_parser import parse

MOST_PROGRAM = 256 << 10
"""Bytes of a program that is parsed."""
MOST_PROGRAMS = 50
"""Python files of one grader."""

_MOST_DOTS, _MOST_FIELDS = 100, 5_000
_MOST_QUOTED = 100
_ENCODINGS = ("utf-8", "utf-8-sig", "ascii", "iso-8859-1")
"""Others may take their codec any time, or hide from us what the parser reads."""
_IMPORTED = re.compile(r"\b(?:import|from)\b([\w. \t\f]*)")
_DOT = re.compile(r"\w[ \t\f]*\.")
_F_STRING = re.compile(r"[fF][rR]?[\"']")


def not_python(script: Path) -> str | None:
    """What is wrong with a program; None if it is one, or if there is no telling."""
    if not script.is_file() or script.is_symlink():
        return None  # said elsewhere
    size = script.stat().st_size
    if size > MOST_PROGRAM:
        return f"expected a program of at most {MOST_PROGRAM >> 10} KiB, got {size:,} bytes"
    try:
        data = read_bytes(script, MOST_PROGRAM)
    except (FileError, OSError) as error:
        return f"cannot be read: {error}"
    why = _not_parsed(data)
    return f"not valid Python: {why}" if why else None


def _not_parsed(data: bytes) -> str | None:
    if (zero := data.find(0)) >= 0:  # of which Python does not say where
        line_number = data.count(b"\n", 0, zero) + 1
        return f"line {line_number}: holds a null byte, which no program does"
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        if encoding not in _ENCODINGS:
            return f"expected UTF-8, got a program in {encoding!r}"
        if why := _too_long_to_parse(data.decode(encoding, errors="replace")):
            return why
        with warnings.catch_warnings():  # of odd escapes in it
            warnings.simplefilter("ignore")
            parse(data)
    except SyntaxError as error:
        line = f": {' '.join((error.text or '').split())[:_MOST_QUOTED]}" if error.text else ""
        where = f"line {error.lineno}: " if error.lineno else ""  # none where the whole is in an unknown encoding
        return f"{where}{error.msg}{line}"
    except ValueError as error:
        return str(error)
    except (RecursionError, MemoryError):
        return "nested too deep"
    return None


def _too_long_to_parse(text: str) -> str | None:
    """Why a program is not given to the parser, which would take quadratic time over it."""
    joined = text.replace("\r\n", "\n").replace("\r", "\n").replace("\\\n", "")
    for found in _IMPORTED.finditer(joined):
        if (dots := len(_DOT.findall(found[1]))) > _MOST_DOTS:
            return f"imports a name of {dots:,} dots, expected at most {_MOST_DOTS}"
    fields = text.count("{")
    if fields > _MOST_FIELDS and _F_STRING.search(text):
        return f"holds {fields:,} opening braces beside f-strings, expected at most {_MOST_FIELDS:,}"
    return None
