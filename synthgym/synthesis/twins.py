"""Duplicate challenges: the same data, target, metric and programs, whatever they are called and say.

What tells them is known before anything is run: where the data comes from, the columns that are handed in, the metric,
and the programs without their comments, layout and texts for readers.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Condition

from synthgym.base.errors import SpecError
from synthgym.registry.challenge import Challenge, load_challenge
from synthgym.synthesis.ledger import Entry
from synthgym.synthesis.run import SynthesisRun

ALIKE = 0.85
"""Share of five-token sequences that the programs of two challenges have in common, from which they are twins.

Programs that one template makes of other tables, games and constants have up to 0.74 in common (the shipped
collection, all pairs); the same program with another seed and other comments has hardly less than all.
"""

_SHINGLE = 5
_PROGRAMS = ("grader/prepare.py", "grader/evaluate.py")
_WAIT = 0.2
_STRING = (
    r"""\"{3}(?:\\.|[^"\\]|"(?!""))*+(?:\"{3})?|'{3}(?:\\.|[^'\\]|'(?!''))*+(?:'{3})?|"""
    r""""(?:\\.|[^"\\\n])*+"?|'(?:\\.|[^'\\\n])*+'?"""
)
_TEXTS = re.compile(
    rf"\#[^\n]*|(?P<begin>^[ \t]*+[rRuU]?)?(?:{_STRING})(?P<end>[ \t]*+(?=$|\#))?", re.MULTILINE | re.DOTALL
)
"""Comments, and strings, in which a ``#`` begins none.

One that is never closed goes on to the end: what was looked at once is not looked at again, whoever wrote it.
"""


@dataclass(frozen=True)
class Fingerprint:
    """What of a challenge its twins have too.

    Attributes:
        asked: Kind of submission, data, columns and metric. Of a module, whose metric and data are its programs' own
            affair, only the kind and the data that it does not make itself.
        shingles: Sequences of tokens of the programs that make, start and score it; each as a checksum, because these
            sets are compared by the thousand.
    """

    asked: tuple[str, ...]
    shingles: frozenset[int] = field(repr=False)

    @classmethod
    def of(cls, challenge: Challenge, files: Mapping[str, bytes]) -> Fingerprint:
        """The fingerprint of a challenge and its files, by their paths in its folder."""
        dataset, submission = challenge.dataset, challenge.submission
        if dataset.source == "local":  # called as its author likes; what is in the files counts
            within = posixpath.normpath(dataset.path) + "/"
            data = sorted(hashlib.sha256(body).hexdigest() for path, body in files.items() if path.startswith(within))
        else:
            data = [dataset.path.lower(), dataset.config or "", dataset.revision or "", *sorted(dataset.files)]
        asked = [submission.kind, dataset.source, *data]
        if submission.kind == "file":
            asked += ["→", *submission.columns, challenge.metric.name]
        programs = [path for path in sorted(files) if path in _PROGRAMS or _is_starter(path)]
        shingles: set[int] = set()
        for path in programs:
            tokens = normalised(files[path].decode("utf-8", "replace"))
            runs = zip(*(tokens[start:] for start in range(_SHINGLE)), strict=False)
            shingles.update(zlib.crc32(" ".join(run).encode()) for run in runs)
        return cls(tuple(asked), frozenset(shingles))

    @classmethod
    def of_folder(cls, folder: Path) -> Fingerprint:
        """The fingerprint of a challenge's folder.

        Raises:
            SpecError: It holds no challenge.
        """
        paths = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
        return cls.of(load_challenge(folder), files)

    def likeness(self, other: Fingerprint) -> float:
        """From 0 for challenges that ask something else, to 1 for those with the same programs."""
        if self.asked != other.asked or not self.shingles:
            return 0.0
        both = len(self.shingles & other.shingles)
        return both / (len(self.shingles) + len(other.shingles) - both)


def _is_starter(path: str) -> bool:
    return path.startswith("workspace/") and path.endswith(".py")


def normalised(program: str) -> list[str]:
    """A program's words and signs, without comments, docstrings and layout. It need not be one that can be parsed."""
    return re.findall(r"\w+|[^\w\s]", _TEXTS.sub(_without_texts, program))


def _without_texts(found: re.Match[str]) -> str:
    """What stays of a comment or a string: nothing of what a program only says to its readers."""
    alone = found["begin"] is not None and found["end"] is not None
    return " " if alone or found[0].startswith("#") else found[0]


def duplicate_reason(twin: str, likeness: float) -> str:
    """The reason for which a challenge is a duplicate."""
    return f"a twin of {twin}: the same data, target and metric, and {likeness:.0%} of the programs is the same"


def without_twins(out: Path, entries: Iterable[Entry], same_data: bool = False) -> list[Entry]:
    """The lines of a ledger; of challenges that were accepted and are twins, only the first stays so.

    Args:
        out: The collection.
        entries: The ledger's lines.
        same_data: Whether only those are twins whose `prepare.py` made the same bytes, as verification knows: programs
            that are alike may be one author's, for tables or concepts of their own.
    """
    kept: dict[str, list[tuple[str, Fingerprint]]] = {}
    lines = []
    for entry in entries:
        if entry.outcome == "accepted":
            try:
                fingerprint = Fingerprint.of_folder(out / entry.id)
                data = load_challenge(out / entry.id).provenance.data_hash if same_data else ""
            except SpecError:  # changed or removed by hand since
                lines.append(entry)
                continue
            before = kept.setdefault(data, [])
            if twin := _first_like(fingerprint, before):
                reason = duplicate_reason(*twin)
                entry = replace(entry, outcome="rejected", check="duplicate", reason=reason, content_hash=None)
            else:
                before.append((entry.id, fingerprint))
        lines.append(entry)
    return lines


def _first_like(fingerprint: Fingerprint, others: Iterable[tuple[str, Fingerprint]]) -> tuple[str, float] | None:
    for name, other in others:
        few, many = sorted((len(fingerprint.shingles), len(other.shingles)))
        if few >= ALIKE * many and (likeness := fingerprint.likeness(other)) >= ALIKE:
            return name, likeness
    return None


class Twins:
    """The candidates of a run, as far as they are written: told apart before any of them is verified."""

    def __init__(self, run: SynthesisRun) -> None:
        self._run = run
        self._fingerprints: dict[int, tuple[str, Fingerprint]] = {}
        self._accepted: dict[int, bool] = {}
        self._changed = Condition()
        self._begun = False

    def duplicate_of(self, index: int, name: str, fingerprint: Fingerprint) -> str | None:
        """Enters a candidate; tells why it is a duplicate of an earlier one that was accepted, or None.

        Waits until all earlier ones are written or given up, and for what becomes of those that are like it: what is
        told hangs on the candidates alone, not on which of them was quicker.

        Raises:
            Paused: The run stops here for now.
        """
        with self._changed:
            self._begin()
            self._fingerprints[index] = (name, fingerprint)
            self._changed.notify_all()
            while True:
                known = {*self._fingerprints, *self._accepted, *self._run.done_before}
                earlier = [(i, *each) for i, each in sorted(self._fingerprints.items()) if i < index]
                like = [(i, twin, fingerprint.likeness(other)) for i, twin, other in earlier]
                like = [each for each in like if each[2] >= ALIKE and self._accepted.get(each[0], True)]
                for i, twin, likeness in like:
                    if i in self._accepted:
                        return duplicate_reason(twin, likeness)
                if not like and known.issuperset(range(index)):
                    return None
                self._run.raise_if_paused()
                self._changed.wait(_WAIT)

    def ended(self, index: int, accepted: bool) -> None:
        """Notes what became of a candidate."""
        with self._changed:
            self._accepted[index] = accepted
            self._changed.notify_all()

    def _begin(self) -> None:
        """Enters what earlier runs accepted."""
        if not self._begun:
            self._begun = True
            for index, folder in self._run.accepted_before().items():
                self._fingerprints[index] = (folder.name, Fingerprint.of_folder(folder))
                self._accepted[index] = True
