"""What is said to people: on standard output and error, in warnings, in a log. Strangers' words among it are text only.

They hold names, titles, errors and paths that a stranger may have chosen, and so each goes through `printable` here.
"""

from __future__ import annotations

import logging
import sys
import warnings

from synthgym.base.text import printable


def say(text: object = "", *, err: bool = False, flush: bool = False) -> None:
    """Prints a text on standard output, or on standard error."""
    print(printable(str(text)), file=sys.stderr if err else sys.stdout, flush=flush or err)


def warn(text: str, stacklevel: int = 1) -> None:
    """Warns the caller; `stacklevel` is that of `warnings.warn` in its place."""
    warnings.warn(printable(text), stacklevel=stacklevel + 1)


def logger(name: str) -> logging.Logger:
    """The log of a module."""
    log = logging.getLogger(name)
    log.addFilter(_made_printable)
    return log


def _made_printable(record: logging.LogRecord) -> bool:
    record.msg, record.args = printable(record.getMessage()), ()
    return True
