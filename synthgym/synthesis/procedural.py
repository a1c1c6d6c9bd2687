"""The procedural author: a seed gives challenges, byte for byte the same, with no model and no network."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from synthgym.base.errors import UnknownNameError
from synthgym.base.seeds import derive_seed, rng
from synthgym.synthesis.candidate_numbers import HELDOUT_EVERY, SPLITS, identity, split_of
from synthgym.synthesis.draft import Draft
from synthgym.synthesis.families import FAMILIES
from synthgym.synthesis.ledger import Entry, verified
from synthgym.synthesis.report import Report
from synthgym.synthesis.run import SynthesisRun
from synthgym.synthesis.verification.verify import verify


def family_of(index: int, seed: int, families: Sequence[str]) -> str:
    """The family that a draft is of, so that one more at the end of the list changes no draft but those that it takes.

    The first two take turns. Each further one takes its share of the drafts from all before it, chosen by its name.
    """
    first = families[:2]
    chosen = first[(index // HELDOUT_EVERY + index % HELDOUT_EVERY) % len(first)]
    for count, name in enumerate(families[2:], 3):
        if derive_seed("family", name, seed, index) % count == 0:
            chosen = name
    return chosen


def draft(index: int, seed: int, *, families: Sequence[str] | None = None, split: str | None = None) -> Draft:
    """The draft of that index: a pure function of its arguments, whatever was drafted before.

    Args:
        index: Which draft of the seed, from 0.
        seed: Decides everything random.
        families: Families to take from, by name; see `family_of`. None: all.
        split: The split to make it for; None: one draft in four is held out.

    Raises:
        UnknownNameError: There is no such family or split.
    """
    families = families or tuple(FAMILIES)
    for name in families:
        if name not in FAMILIES:
            raise UnknownNameError("family", name, FAMILIES)
    if split is not None and split not in SPLITS:
        raise UnknownNameError("split", split, SPLITS)
    chosen = split or split_of(index)
    family = family_of(index, seed, families)
    made = FAMILIES[family](identity(index, seed), rng("procedural", seed, index, family, chosen), chosen)
    made.challenge.provenance.seed = seed
    return made


def author(n: int, seed: int, families: Sequence[str] | None = None, split: str | None = None) -> Iterator[Draft]:
    """The first `n` drafts of a seed; see `draft`."""
    for index in range(n):
        yield draft(index, seed, families=families, split=split)


class ProceduralAuthor:
    """The author of a run; see `synthgym.synthesis.authors.Author`."""

    def __init__(self, run: SynthesisRun, seed: int, split: str | None, families: tuple[str, ...]) -> None:
        self.run, self.seed, self.split, self.families = run, seed, split, families

    def at_once(self, jobs: int) -> int:
        """One for each job: drafting is part of it."""
        return jobs

    def ideas(self) -> Iterator[None]:
        """A number is all it needs."""
        return itertools.repeat(None)

    def make(self, index: int, idea: None) -> list[Entry]:
        """Drafts and verifies one candidate."""
        folder = self.run.staging_folder(str(index))
        report = self.run.execute(
            _DraftAndVerify(index, self.seed, self.split, self.families, folder, self.run.sandbox)
        )
        made = folder / report.id
        digest = self.run.accept(made) if report.ok else None
        shutil.rmtree(folder)
        return [verified(index, report, digest)]


@dataclass(frozen=True)
class _DraftAndVerify:
    """A job."""

    index: int
    seed: int
    split: str | None
    families: tuple[str, ...]
    folder: Path
    sandbox: str

    def __call__(self) -> Report:
        made = draft(self.index, self.seed, split=self.split, families=self.families or None)
        folder = self.folder / made.challenge.id
        made.write(folder)
        return verify(folder, self.sandbox)
