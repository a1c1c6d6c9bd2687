"""Keeps keys out of whatever is told or recorded."""

from __future__ import annotations

import os
import re

_SECRET_NAME = re.compile(r"(KEY|TOKEN|SECRET|PASSWORD)$", re.I)
_SECRET_LOOK = re.compile(
    r"\b(sk|hf|pk|gsk|xai)[-_][A-Za-z0-9_\-*]{8,}|(?<=Bearer )\S{8,}|(?<=://)[^/@\s:]*:[^/@\s]+(?=@)"
)


def redact(text: str) -> str:
    """The text without anything that is, or looks like, a key of this process."""
    for name, value in os.environ.items():
        if len(value) >= 8 and _SECRET_NAME.search(name):
            text = text.replace(value, "[secret]")
    return _SECRET_LOOK.sub("[secret]", text)
