"""The texts that the model is asked with: files in `prompts/`, whose hash goes into the provenance of what is made."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from synthgym.agents.agent import Message

_FOLDER = Path(__file__).with_name("prompts")


@cache
def prompts_hash() -> str:
    """16 hexadecimal digits that change with any of the prompts."""
    digest = hashlib.sha256()
    for path in sorted(_FOLDER.glob("*.j2")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER), undefined=jinja2.StrictUndefined, keep_trailing_newline=False
    )


def render(name: str, **values: Any) -> str:
    """The prompt of that name, filled in."""
    return _environment().get_template(f"{name}.j2").render(**values).strip()


def asking(text: str) -> list[Message]:
    """A conversation that begins with this."""
    return [{"role": "system", "content": render("system")}, {"role": "user", "content": text}]
