"""Fenced blocks in what a model says: one reader, for commands of agents and for programs and files of authors."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FENCE = re.compile(r"^(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<rest>[^\n]*)$")
_ONE_LINE = re.compile(  # no part can begin with what the one before it takes: else they would be tried at each border
    r"^[ \t]*(?P<fence>`{3,})(?P<language>[a-z-]+)[ \t]+(?P<text>[^` \t\n][^`\n]*)(?P=fence)[ \t]*$", re.I
)


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
        language: As it stands behind the opening fence, in small letters; empty where nothing does.
        lines: What is in it.
        closed: Whether its fence is ever closed.
    """

    language: str
    lines: tuple[str, ...]
    closed: bool = True

    @property
    def text(self) -> str:
        """What is in it, without a newline at the end."""
        return "\n".join(self.lines)


def split(text: str) -> list[str | Block]:
    """The lines outside of fenced blocks, and the blocks, in their order.

    As in Markdown, a longer fence may hold shorter ones, and an indented block loses its indent.
    """
    parts: list[str | Block] = []
    block: list[str] | None = None
    indent, fence, language = "", "", ""
    for line in text.replace("\r\n", "\n").split("\n"):
        match = _FENCE.match(line)
        if block is None:
            if short := _ONE_LINE.match(line):
                parts.append(Block(short["language"].lower(), (short["text"].rstrip(" \t"),)))
            elif match:
                indent, fence, block = match["indent"], match["fence"], []
                language = (match["rest"].split() or [""])[0].lower().strip("{}").removeprefix(".")
            else:
                parts.append(line)
        elif match and not match["rest"].strip() and _closes(match, indent, fence):
            parts.append(Block(language, tuple(block)))
            block = None
        else:
            block.append(line.removeprefix(indent))
    if block is not None:
        parts.append(Block(language, tuple(block), closed=False))
    return parts


def unfenced(text: str) -> str:
    """The text without a fence around all of it."""
    first, *inner = text.strip().replace("\r\n", "\n").split("\n")
    opening, closing = _FENCE.match(first), _FENCE.match(inner[-1]) if inner else None
    if not opening or not closing or closing["rest"].strip() or closing["fence"] != opening["fence"]:
        return text
    return "\n".join(inner[:-1])


def _closes(match: re.Match[str], indent: str, fence: str) -> bool:
    """Whether a fence ends the block of another: as long, and not further in than Markdown lets it be."""
    return match["fence"].startswith(fence) and len(match["indent"]) <= len(indent) + 3
