"""Whether a challenge overlaps with what agents are compared on: tasks of known suites, and challenges held out.

A student that was trained on the evaluation's own data or problems would be measured by what it remembers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from synthgym.base.errors import MissingDependencyError
from synthgym.base.plugins import load_plugin, plugin_names
from synthgym.registry.challenge import Challenge

TASKS = "synthgym.tasks"
"""Entry-point group of what agents are compared on."""

ALIKE = 0.8
"""Share of three-word sequences that two descriptions have in common, from which they say the same."""

_SHINGLE = 3
_FEWEST_SHINGLES = 8


@dataclass(frozen=True)
class Task:
    """A task of an evaluation suite.

    Attributes:
        suite: What the suite is called in reasons.
        name: What it is called there itself.
        datasets: Last parts of its data set's names, in lower case, without marks.
        words: Sets of words and word sequences; a text with all of one set is about the task.
    """

    suite: str
    name: str
    datasets: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]


def known_tasks() -> tuple[Task, ...]:
    """Tasks that agents are compared on: those that installed packages announce under the group ``synthgym.tasks``.

    Raises:
        MissingDependencyError: There are none, not even ours: then nothing could be told to overlap with them.
    """
    names = plugin_names(TASKS)
    if not names:
        raise MissingDependencyError(
            f"nothing says which tasks agents are compared on (entry points of the group {TASKS}), and challenges must "
            "not overlap with these; install synthgym again, in a checkout by scripts/install"
        )
    return tuple(task for name in names for task in load_plugin(TASKS, name, "suite of tasks"))


@dataclass(frozen=True)
class HeldOut:
    """What is compared of a challenge that is held out."""

    id: str
    data: tuple[str, ...] | None
    shingles: frozenset[tuple[str, ...]] = field(repr=False)


@dataclass(frozen=True)
class Suite:
    """What challenges must not overlap with. Small, and can be sent to other processes.

    Attributes:
        tasks: Tasks that are known by name.
        held_out: Challenges of split ``heldout``.
    """

    tasks: tuple[Task, ...] = field(default_factory=known_tasks)
    held_out: tuple[HeldOut, ...] = ()

    @classmethod
    def default(cls, challenges: Iterable[Challenge] = ()) -> Suite:
        """Known tasks, and those of the given challenges that are held out (a `Collection` can be given as it is)."""
        return cls(held_out=tuple(_as_held_out(each) for each in challenges if each.split == "heldout"))

    def overlap(self, challenge: Challenge) -> str | None:
        """With what a challenge overlaps, and how that was told; None if with nothing.

        A challenge that is held out itself is not compared with others that are.
        """
        return self._task(challenge) or (self._twin(challenge) if challenge.split != "heldout" else None)

    def _task(self, challenge: Challenge) -> str | None:
        dataset = challenge.dataset
        named = [part for part in dataset.path.split("/") if part][-1:]
        if dataset.source == "local":
            named = []  # a folder of the challenge; its files tell
        named += [dataset.config] if dataset.config else []
        named += [name.rsplit("/", 1)[-1].split(".")[0] for name in dataset.files]
        text = " ".join(_words(f"{challenge.title} . {challenge.description} . {challenge.topic}"))
        for task in self.tasks:
            for name in named:
                if _plain(name) in task.datasets:
                    return f"{task.name} of {task.suite}: the data set is called {name!r}"
            for words in task.words:
                if all(re.search(rf"\b{re.escape(word)}\b", text) for word in words):
                    return (
                        f"{task.name} of {task.suite}: title, description or topic speaks of "
                        f"{' and '.join(map(repr, words))}"
                    )
        return None

    def _twin(self, challenge: Challenge) -> str | None:
        asked = _as_held_out(challenge)
        for other in self.held_out:
            if other.id == challenge.id:
                continue
            if asked.data is not None and asked.data == other.data:
                return f"held-out challenge {other.id}: the same data and the same target"
            shared, either = len(asked.shingles & other.shingles), len(asked.shingles | other.shingles)
            if min(len(asked.shingles), len(other.shingles)) >= _FEWEST_SHINGLES and shared >= ALIKE * either:
                return f"held-out challenge {other.id}: {shared / either:.0%} of the description is the same"
        return None


def _as_held_out(challenge: Challenge) -> HeldOut:
    dataset = challenge.dataset
    data = None
    if dataset.source not in ("generated", "local"):  # what is generated, or lies in the folder, has no name
        parts = (dataset.source, dataset.path.lower(), dataset.config or "")
        files = () if dataset.path else tuple(sorted(dataset.files))
        data = (*parts, *files, "→", *sorted(challenge.submission.columns))
    words = _words(challenge.description)
    shingles = frozenset(tuple(words[i : i + _SHINGLE]) for i in range(len(words) - _SHINGLE + 1))
    return HeldOut(challenge.id, data, shingles)


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower().replace("'", "").replace("’", ""))


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
