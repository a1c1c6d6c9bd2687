"""More variety from few trajectories: copies in which names are changed, everywhere in the conversation alike.

A tiny model that sees the same forty names again and again learns them by heart instead of reading them. What a command
copies from what was shown (files, settings, functions, labels) is given another name in the whole conversation: reply
and observation still fit, and only a model that reads gets them right.
"""

from __future__ import annotations

import builtins
import keyword
import random
import re
from collections.abc import Sequence
from typing import Any

Message = dict[str, Any]

_PROGRAMS = """python bash sh cat sed echo cp mv rm ls head tail grep awk tee validate submit
open goto scroll_up scroll_down create edit insert find_file search_file search_dir"""
KEPT = frozenset(
    [*keyword.kwlist, *dir(builtins), *_PROGRAMS.split(), "true", "false", "null", "numpy", "pandas", "sklearn", "EOF"]
)
"""Words that are no names: Python's, the shell's, the workspace's programs."""

_LEFT_ALONE = 0.15
_INVENTED = 0.3
"""Share of names that get an altogether new one, files aside."""

_BLOCK = re.compile(r"```[a-z]*\n(.*?)```", re.S)
_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w+")
_SOUNDS = """b br c ch cl d dr f fl g gl h j k l m n p pl qu r s sh sl st t tr v w z
a e i o u ai ea oo ou
b d g k l m n nd p r rn s st t x"""
_ONSETS, _NUCLEI, _CODAS = (line.split() for line in _SOUNDS.split("\n"))


def copied_names(messages: Sequence[Message]) -> list[str]:
    """Names that a command copies from something shown before it, in order of appearance."""
    shown: set[str] = set()
    names: dict[str, None] = {}
    for message in messages:
        if message["role"] == "assistant":
            for block in _BLOCK.findall(message["content"]):
                names.update((name, None) for name in _NAME.findall(block) if name in shown and name not in KEPT)
        else:
            shown.update(_NAME.findall(message["content"]))
    return list(names)


def renamed(messages: Sequence[Message], rng: random.Random) -> list[Message]:
    """The conversation with most of its copied names changed.

    A file gets a new name. Another name keeps its meaning more often than not: a word is put before or behind it.
    """
    text = "\n".join(message["content"] for message in messages)
    changes: dict[str, str] = {}
    patterns: list[str] = []
    taken = set(_NAME.findall(text)) | KEPT
    for name in copied_names(messages):
        if rng.random() < _LEFT_ALONE:
            continue
        file = rf"(?<!\w)(?:{name}(?=\.[a-z])|(?<=import ){name})(?!\w)"
        is_file = re.search(file, text) is not None
        new = _invent(rng) if is_file or rng.random() < _INVENTED else _around(name, rng)
        new = new.upper() if name.isupper() else new
        if new not in taken:
            changes[name] = new
            patterns.append(file if is_file else rf"(?<!\w){name}(?!\w)")
            taken.add(new)
    if not changes:
        return [dict(message) for message in messages]
    pattern = re.compile("|".join(patterns))
    return [
        {**message, "content": pattern.sub(lambda match: changes[match[0]], message["content"])} for message in messages
    ]


def _invent(rng: random.Random) -> str:
    words = [_word(rng) for _ in range(1 if rng.random() < 0.75 else 2)]
    return "_".join(words)


def _word(rng: random.Random) -> str:
    """One or two syllables."""
    word = ""
    for _ in range(1 if rng.random() < 0.4 else 2):
        word += rng.choice(_ONSETS) + rng.choice(_NUCLEI) + (rng.choice(_CODAS) if rng.random() < 0.85 else "")
    return word


def _around(name: str, rng: random.Random) -> str:
    return f"{_word(rng)}_{name}" if rng.random() < 0.5 else f"{name}_{_word(rng)}"
