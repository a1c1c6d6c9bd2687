"""Numbers and texts in a pickle, without unpickling it: its instructions are read, and none is carried out."""

from __future__ import annotations

import pickletools
from typing import Any

_PLAIN = (int, float, str)
_MOST = 2_000_000
"""Instructions that are read of one."""
_MOST_CHARACTERS = 64 << 20
"""Of all that is found in one: an instruction of two bytes says a text again, however long that is."""


def literals_in(data: bytes) -> list[str] | None:
    """All numbers and texts in the order in which a pickle holds them; None for what is no pickle.

    Names of what it imports, and of attributes, are among them.
    """
    if not (data.startswith(b"\x80") and data.endswith(b".")):  # protocols from 2 on; older ones are text
        return None
    found: list[str] = []
    characters = 0
    memo: dict[Any, Any] = {}
    last: Any = None
    try:
        for number, (code, argument, _) in enumerate(pickletools.genops(data)):
            given: Any = argument
            if number > _MOST:
                return None
            if code.name == "MEMOIZE":
                memo[len(memo)] = last
                continue
            if code.name in ("PUT", "BINPUT", "LONG_BINPUT"):
                memo[given] = last
                continue
            if code.name in ("GET", "BINGET", "LONG_BINGET"):
                last = memo.get(given)
            elif code.name in ("NEWTRUE", "NEWFALSE"):
                last = int(code.name == "NEWTRUE")
            else:
                last = given if code.name not in ("PROTO", "FRAME") else None
            if isinstance(last, _PLAIN):
                found.append(str(last))
                characters += len(found[-1]) + 1
                if characters > _MOST_CHARACTERS:
                    return None
    except Exception:  # pickletools raises whatever a broken pickle makes it stumble over
        return None
    return found
