"""The docs as they are written: pages, blocks of code, commands, and what stands between backticks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r'^```(\w*)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def name_of(page: Path) -> str:
    """A page's place in the repository."""
    return page.relative_to(ROOT).as_posix()


def blocks(language: str) -> list[tuple[str, str]]:
    """All fenced blocks of one language, with the page they stand on; not those that are files, and have a title."""
    return [
        (name_of(page), body)
        for page in PAGES
        for found, title, body in BLOCK.findall(page.read_text(encoding="utf-8"))
        if found == language and not title
    ]


def files(page: Path) -> dict[str, str]:
    """The files that a page has the reader write."""
    return {title: body for _, title, body in BLOCK.findall(page.read_text(encoding="utf-8")) if title}


def commands(page: Path) -> list[str]:
    """The lines that a page has the reader give to a shell."""
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    shells = [body.replace("\\\n", " ") for language, _, body in found if language == "console"]
    return [line.removeprefix("$ ") for body in shells for line in body.splitlines() if line.startswith("$ ")]


def inline(page: Path) -> Iterator[str]:
    """What stands between backticks, outside of blocks."""
    text = BLOCK.sub("", page.read_text(encoding="utf-8"))
    yield from (" ".join(found.split()) for found in re.findall(r"(?<!`)`([^`]+)`(?!`)", text))
