"""What an agent raised, in one line, from its traceback as a record holds it."""

from __future__ import annotations

import re

_CHAINED = re.compile(
    r"^[ |]*(?:During handling of the above exception, another exception occurred"
    r"|The above exception was the direct cause of the following exception):$",
    re.MULTILINE,
)
"""What stands between the tracebacks of exceptions that led to one another; the last is the one that was raised."""

_TRACEBACK = re.compile(r" *(?:\+ Exception Group )?Traceback \(most recent call last\):$")
_MARGIN = re.compile(r"^ *\| ?")
_LONGEST = 300


def error_line(error: str) -> str:
    """The line that names the exception: the first behind the frames of the last traceback.

    What follows is the rest of its message, and notes. Where it says no more than the name, the next line is told too.

    Args:
        error: A traceback; or a sentence, which is its own reason.
    """
    lines = _CHAINED.split(error)[-1].split("\n")
    header = next((at for at, line in enumerate(lines) if _TRACEBACK.match(line)), None)
    if header is not None:
        group = "+" in lines[header]
        lines = [_MARGIN.sub("", line) if group else line for line in lines[header + 1 :]]
    lines = [line for line in lines if line.strip()]
    first = next((at for at, line in enumerate(lines) if not line[0].isspace()), 0)
    named = [line.strip() for line in lines[first : first + 2]]
    return " ".join(named if named and named[0].endswith(":") else named[:1])[:_LONGEST]
