"""Data augmentation: copies of conversations in which names are changed, everywhere alike.

A tiny model that sees the same forty names again and again learns them by heart instead of reading them. What a command
copies from what was shown (files, settings, functions, labels) is given another name in the whole conversation: reply
and observation still fit, and only a model that reads gets them right. Other files are renamed alike: which one to read
must not be told by which names are known. Words of the briefing that few conversations have, such as what the data are
about, are replaced too: a new problem will bring others, and nothing hangs on them.
"""

from __future__ import annotations

import builtins
import keyword
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence, Set
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
"""Share of names that get an altogether new one; of files all, of settings that nothing explains none."""
_COMMON = 0.1
"""Share of conversations in which a word of the briefing is no word of its subject."""
_REPLACED = 0.8
"""Share of the subject's words that are replaced."""
_OF_TWO_WORDS = 0.3
"""Share of invented names that have two."""
_SHARED = 0.4
"""Share of words in names of several that an earlier such name of the conversation has too."""
_OF_PIECES = 0.5
"""Share of new words that are put together from given pieces."""
_OF_FEW_PIECES = 0.5
"""Share of conversations in which these are a few."""
_FEW = (5, 15)
_PIECES = (1, 2, 2, 3)
"""How many, each as likely."""

_BLOCK = re.compile(r"```[a-z]*\n(.*?)```", re.S)
_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w+")
_FILE = re.compile(r"(?<!\w)([A-Za-z_]\w*)\.(?:py|sh|csv|json|ini|toml|ya?ml|txt|md)(?!\w)")
_KINDS_OF_SETTINGS = ("json", "ini", "toml", "yaml", "yml")
"""Endings of files that are read and edited but not run: any other word would do."""
_SETTING = re.compile(r"(?<!\w)([A-Za-z_]\w*)[\"']?\s*[=:]\s*(?:-?\d|[Tt]rue|[Ff]alse)")
_WORD = re.compile(r"(?<![\w./-])[A-Za-z]{3,}(?![\w/-]|\.\w)")
_TOKEN = re.compile(r"(?<!\w)[A-Za-z_]\w*")
_NOTE = re.compile(r"[#;](?P<explains> *\w)?|\n")
"""What ends the part of a line in which a note behind it explains a name; and whether one is there."""
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
    """Names to which a command gives a value, and names shown with one that a reply speaks of."""
    replies = [message["content"] for message in messages if message["role"] == "assistant"]
    given = {name for reply in replies for block in _BLOCK.findall(reply) for name in _SETTING.findall(block)}
    said = {name for reply in replies for name in _NAME.findall(reply)}
    shown = {name for message in messages if message["role"] == "user" for name in _SETTING.findall(message["content"])}
    return given | (said & shown - KEPT)


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


def renamed(
    messages: Sequence[Message],
    rng: random.Random,
    common: Set[str] | None = None,
    pieces: Sequence[str] = (),
) -> list[Message]:
    """The conversation with most of its copied names changed, and most words of its subject.

    A file gets a new name, also one that no command names. A setting keeps its meaning: it gets another word, or a new
    name where a note explains it.

    Args:
        messages: The conversation.
        rng: Decides the names.
        common: Words of briefings that stay; see `common_words`. None: all of them stay.
        pieces: Half of the new words are put together from these, which are in small or in capital letters.
    """
    text = "\n".join(message["content"] for message in messages)
    shown = "\n".join(message["content"] for message in messages if message["role"] == "user")
    changes = _Changes()
    files, explained = _files_in(text), _explained_in(shown)
    taken = set(_NAME.findall(text)) | KEPT
    meaningful = settings_named(messages)
    copied = copied_names(messages)
    others = sorted(set(_FILE.findall(text)) - set(copied) - KEPT)
    words = _Words(rng, pieces)

    def change(name: str, new: str, where: Callable[[re.Match[str], int], bool]) -> None:
        if new not in taken:
            changes.add(name, new, where)
            taken.add(new)

    for name in (*copied, *sorted(meaningful - set(copied)), *others):
        if rng.random() < (_MEANING_LEFT_ALONE if name in meaningful else _LEFT_ALONE):
            continue
        is_file = name in files
        free = name not in meaningful or name in explained
        new_word = is_file or (free and rng.random() < _INVENTED)
        new = words.name(name.isupper()) if new_word else words.extended(name)
        change(name, new, _as_file if is_file else _whole)
    for kind in _KINDS_OF_SETTINGS:
        if f".{kind}" in text and rng.random() < _INVENTED:
            change(kind, words.word(), _as_ending)
    if common is not None:
        for word in sorted(briefing_words(messages) - common - KEPT - set(copied)):
            if rng.random() < _REPLACED:
                new = words.word()
                change(word, new.capitalize() if word[0].isupper() else new, _as_word)
    return [{**message, "content": changes.apply(message["content"])} for message in messages]


class _Changes:
    """What is to be called otherwise, and where: made in one pass over a text, however many they are."""

    def __init__(self) -> None:
        self._new: dict[str, str] = {}
        self._places: dict[str, list[tuple[int, Callable[[re.Match[str], int], bool]]]] = {}
        self._count = 0

    def add(self, name: str, new: str, where: Callable[[re.Match[str], int], bool]) -> None:
        """Calls it otherwise where `where` says so of a word of the text, and of the place where the name ends."""
        self._new[name] = new
        self._places.setdefault(name, []).append((self._count, where))
        self._count += 1

    def apply(self, text: str) -> str:
        """The text with the changes; where two could be made, the earlier one is."""
        return _TOKEN.sub(self._made, text) if self._new else text

    def _made(self, token: re.Match[str]) -> str:
        word = token[0]
        found = [
            (rank, name)
            for name in (word, word[:-1])  # the latter: a plural
            for rank, where in self._places.get(name, ())
            if where(token, token.start() + len(name))
        ]
        if not found:
            return word
        _, name = min(found)
        return self._new[name] + word[len(name) :]


def _whole(token: re.Match[str], end: int) -> bool:
    return end == token.end()


def _as_file(token: re.Match[str], end: int) -> bool:
    """Before an ending, or imported."""
    before = token.string.endswith("import ", 0, token.start())
    return end == token.end() and (before or _is_before_ending(token.string, end))


def _is_before_ending(text: str, end: int) -> bool:
    return text.startswith(".", end) and "a" <= text[end + 1 : end + 2] <= "z"


def _as_ending(token: re.Match[str], end: int) -> bool:
    return end == token.end() and token.string.endswith(".", 0, token.start())


def _as_word(token: re.Match[str], end: int) -> bool:
    """Not where it is part of a path or of a number."""
    if token.string.endswith(".", 0, token.start()):
        return False
    return _APART.match(token.string, end) is not None


_APART = re.compile(r"(?![\w.]\w)")


def _files_in(text: str) -> set[str]:
    """Names that stand before an ending, or are imported."""
    return {token[0] for token in _TOKEN.finditer(text) if _as_file(token, token.end())}


def _explained_in(text: str) -> set[str]:
    """Names behind which, in their line, a note stands."""
    notes = [(note.start(), note["explains"] is not None) for note in _NOTE.finditer(text)]
    found, at = set(), 0
    for token in _TOKEN.finditer(text):
        while at < len(notes) and notes[at][0] <= token.end():  # what parts a name from its note is no note
            at += 1
        if at < len(notes) and notes[at][1]:
            found.add(token[0])
    return found


class _Words:
    """Invents words and names for one conversation. Some names have a word in common, as `n_rows` and `n_columns`."""

    def __init__(self, rng: random.Random, pieces: Sequence[str]) -> None:
        self._rng = rng
        self._small, self._capital = (
            self._some([piece for piece in pieces if kind(piece)]) for kind in (str.islower, str.isupper)
        )
        self._parts: list[str] = []

    def _some(self, pieces: list[str]) -> list[str]:
        """Of few pieces, different names have the same ones: then one token does not tell what comes next."""
        few = self._rng.random() < _OF_FEW_PIECES
        return self._rng.sample(pieces, min(self._rng.randint(*_FEW), len(pieces))) if few else pieces

    def word(self, capital: bool = False) -> str:
        """One or two syllables, or a few pieces."""
        rng, pieces = self._rng, self._capital if capital else self._small
        if pieces and rng.random() < _OF_PIECES:
            return "".join(rng.choices(pieces, k=rng.choice(_PIECES)))
        word = ""
        for _ in range(1 if rng.random() < 0.7 else 2):
            word += rng.choice(_ONSETS) + rng.choice(_NUCLEI) + (rng.choice(_CODAS) if rng.random() < 0.85 else "")
        return word.upper() if capital else word

    def name(self, capital: bool) -> str:
        """One word or two."""
        if self._rng.random() > _OF_TWO_WORDS:
            return self.word(capital)
        return "_".join((self._part(capital), self._part(capital)))

    def extended(self, name: str) -> str:
        """The name with a word before or behind it."""
        part = self._part(name.isupper())
        return f"{part}_{name}" if self._rng.random() < 0.5 else f"{name}_{part}"

    def _part(self, capital: bool) -> str:
        if self._parts and self._rng.random() < _SHARED:
            part = self._rng.choice(self._parts)
            return part.upper() if capital else part.lower()
        self._parts.append(self.word(capital))
        return self._parts[-1]
