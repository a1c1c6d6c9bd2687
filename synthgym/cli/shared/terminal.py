"""Output that any terminal, pipe or log can take: signs that an encoding lacks, readers that leave early."""

from __future__ import annotations

import codecs
import contextlib
import os
import sys
import unicodedata
from collections.abc import Iterator

_SIGNS = {
    "✓": "+",
    "✗": "x",
    "–": "-",
    "—": "-",
    "−": "-",
    "→": "->",
    "↑": "^",
    "↓": "v",
    "…": "...",
    "×": "x",
    "÷": "/",
}
_SIGNS |= {"·": "*", "≥": ">=", "≤": "<=", "±": "+-", "«": '"', "»": '"', "“": '"', "”": '"', "’": "'"}


def make_output_safe() -> None:
    """Has standard output and error write what their encoding lacks in signs that it has, instead of raising."""
    codecs.register_error("synthgym.plain", _plain)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="synthgym.plain")


def open_streams() -> None:
    """Gives a process that was started without standard input, output or error ones that hold nothing.

    Whatever is opened next would else become one of them, here and in every process that is started.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free: this one
            os.set_inheritable(number, True)
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "w" if number else "r", encoding="utf-8", closefd=False))  # noqa: SIM115


@contextlib.contextmanager
def output_kept(wanted: bool) -> Iterator[None]:
    """Keeps standard output for the command's own words: what agents print meanwhile goes to standard error.

    Args:
        wanted: Whether to; what is printed is data.
    """
    if not wanted:
        yield
        return
    sys.stdout.flush()
    own = os.dup(1)
    os.dup2(2, 1)  # what programs and worker processes write, too
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(own, 1)
        os.close(own)


def stop_writing() -> None:
    """Nobody reads standard output any more: what is still to be written, at exit too, goes nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, OSError, ValueError):
            try:
                stream.flush()
            except BrokenPipeError:
                os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_nearest, error.object[error.start : error.end])), error.end


def _nearest(sign: str) -> str:
    """The nearest in ASCII: é as e, ✓ as +; ? for what has none."""
    if sign in _SIGNS:
        return _SIGNS[sign]
    found = unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode()
    return found or "?"
