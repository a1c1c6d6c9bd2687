"""Keeps keys out of whatever is told or recorded."""

from __future__ import annotations

import os
import re

from synthgym.agents.endpoint.keys import KEY_VARIABLE, own_keys

_SECRET_NAME = re.compile(r"(KEY|TOKEN|SECRET|PASSWORD)$", re.I)
_SECRET_LOOK = re.compile(
    r"\b(sk|hf|pk|gsk|xai)[-_][A-Za-z0-9_\-*]{8,}|(?<=Bearer )[^\s\"'`,;<>(){}\[\]\\]{8,}"
    r"|(?<=://)[^/@\s:\"]*:[^/@\s\"]+(?=@)"
)
_LONG = 8
"""Characters of a value that stands in no text by chance."""
_SHORT = 4
"""Characters of the shortest value that may be a key: a shorter one is made up, for a server that asks for none."""


def redact(text: str) -> str:
    """The text without anything that is, or looks like, a key of this process.

    What may be JSON is to be read first: a key may be a word of it. A key of fewer than 4 characters is none that any
    provider gives, and stays: without every ``a`` a message says nothing.
    """
    for name, value in os.environ.items():
        if len(value) >= _LONG and _SECRET_NAME.search(name):
            text = text.replace(value, "[secret]")
    for value in own_keys().values():
        text = text.replace(value, "[secret]")
    sent = os.environ.get(KEY_VARIABLE)
    if sent and _SHORT <= len(sent) < _LONG:  # as a word of its own: a key for a server of one's own may be "test"
        text = re.sub(rf"(?<![A-Za-z0-9]){re.escape(sent)}(?![A-Za-z0-9])", "[secret]", text)
    return _SECRET_LOOK.sub("[secret]", text)
