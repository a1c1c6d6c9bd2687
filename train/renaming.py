"""More variety from few trajectories: copies in which names are changed, everywhere in the conversation alike.

A tiny model that sees the same forty names again and again learns them by heart instead of reading them. What a command
copies from what was shown (files, settings, functions, labels) is given another name in the whole conversation: reply
and observation still fit, and only a model that reads gets them right. Words of the briefing that few conversations
have, such as what the data are about, are replaced too: a new problem will bring others, and nothing hangs on them.
"""

from __future__ import annotations

import builtins
import keyword
import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from typing import Any

Message = dict[str, Any]

_PROGRAMS = """python bash sh cat sed echo cp mv rm ls head tail grep awk tee validate submit
open goto scroll_up scroll_down create edit insert find_file search_file search_dir"""
KEPT = frozenset(
    [*keyword.kwlist, *dir(builtins), *_PROGRAMS.split(), "true", "false", "null", "numpy", "pandas", "sklearn", "EOF"]
)
"""Words that are no names: Python's, the shell's, the workspace's programs."""

_LEFT_ALONE = 0.15
_MEANING_LEFT_ALONE = 0.5
_INVENTED = 0.5
"""Share of names that get an altogether new one; of files all, of settings none, since their names say what to do."""
_COMMON = 0.1
"""Share of conversations in which a word of the briefing is no word of its subject."""
_REPLACED = 0.8
"""Share of the subject's words that are replaced."""

_BLOCK = re.compile(r"```[a-z]*\n(.*?)```", re.S)
_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w+")
_SETTING = re.compile(r"([A-Za-z_]\w*)[\"']?\s*[=:]\s*(?:-?\d|[Tt]rue|[Ff]alse)")
_WORD = re.compile(r"(?<![\w./-])[A-Za-z]{3,}(?![\w/-]|\.\w)")
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


def settings_named(messages: Sequence[Message]) -> set[str]:
    """Names to which a command gives a value."""
    replies = (message["content"] for message in messages if message["role"] == "assistant")
    return {name for reply in replies for block in _BLOCK.findall(reply) for name in _SETTING.findall(block)}


def briefing_words(messages: Sequence[Message]) -> set[str]:
    """Words that the briefing has and nothing after it."""
    found: set[str] = set()
    for position, message in enumerate(message for message in messages if message["role"] != "system"):
        words = set(_WORD.findall(message["content"]))
        found = words if position == 0 else found - words
    return found


def common_words(conversations: Iterable[Sequence[Message]]) -> set[str]:
    """Words that many briefings have."""
    counts: Counter[str] = Counter()
    total = 0
    for messages in conversations:
        counts.update(briefing_words(messages))
        total += 1
    return {word for word, count in counts.items() if count > max(1, _COMMON * total)}


def renamed(messages: Sequence[Message], rng: random.Random, common: Set[str] | None = None) -> list[Message]:
    """The conversation with most of its copied names changed, and most words of its subject.

    A file gets a new name. A setting keeps its meaning: a word is put before or behind it.

    Args:
        messages: The conversation.
        rng: Decides the names.
        common: Words of briefings that stay; see `common_words`. None: all of them stay.
    """
    text = "\n".join(message["content"] for message in messages)
    changes: dict[str, str] = {}
    patterns: list[str] = []
    taken = set(_NAME.findall(text)) | KEPT
    meaningful = settings_named(messages)
    copied = copied_names(messages)

    def change(name: str, new: str, pattern: str) -> None:
        if new not in taken:
            changes[name] = new
            patterns.append(pattern)
            taken.add(new)

    for name in copied:
        if rng.random() < (_MEANING_LEFT_ALONE if name in meaningful else _LEFT_ALONE):
            continue
        file = rf"(?<!\w)(?:{name}(?=\.[a-z])|(?<=import ){name})(?!\w)"
        is_file = re.search(file, text) is not None
        new = _invent(rng) if is_file or (name not in meaningful and rng.random() < _INVENTED) else _around(name, rng)
        change(name, new.upper() if name.isupper() else new, file if is_file else rf"(?<!\w){name}(?!\w)")
    if common is not None:
        for word in sorted(briefing_words(messages) - common - KEPT - set(copied)):
            if rng.random() < _REPLACED:
                new = _word(rng)
                change(word, new.capitalize() if word[0].isupper() else new, rf"(?<![\w.]){word}(?![\w.]\w)")
    if not changes:
        return [dict(message) for message in messages]
    pattern = re.compile("|".join(patterns))
    return [
        {**message, "content": pattern.sub(lambda match: changes[match[0]], message["content"])} for message in messages
    ]


def _invent(rng: random.Random) -> str:
    words = [_word(rng) for _ in range(1 if rng.random() < 0.85 else 2)]
    return "_".join(words)


def _word(rng: random.Random) -> str:
    """One or two syllables."""
    word = ""
    for _ in range(1 if rng.random() < 0.7 else 2):
        word += rng.choice(_ONSETS) + rng.choice(_NUCLEI) + (rng.choice(_CODAS) if rng.random() < 0.85 else "")
    return word


def _around(name: str, rng: random.Random) -> str:
    return f"{_word(rng)}_{name}" if rng.random() < 0.5 else f"{name}_{_word(rng)}"
