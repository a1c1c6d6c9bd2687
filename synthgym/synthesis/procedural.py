"""The procedural author: a seed gives challenges, byte for byte the same, with no model and no network."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from synthgym.base.errors import UnknownNameError
from synthgym.base.seeds import derive_seed, rng
from synthgym.synthesis.bench import Bench
from synthgym.synthesis.draft import Draft
from synthgym.synthesis.families import FAMILIES
from synthgym.synthesis.ledger import Entry, verified
from synthgym.synthesis.report import Report
from synthgym.synthesis.verification.verify import verify

SPLITS = ("train", "heldout")

HELDOUT_EVERY = 4
"""Of as many drafts in a row, one is held out, unless a split is asked for."""


def identity(index: int, seed: int) -> str:
    """At least four hexadecimal digits that no other index of this seed has."""
    digits = 4
    while index >= 16**digits:
        digits += 1
    return f"{(index * 40503 + derive_seed('identity', seed)) % 16**digits:0{digits}x}"


def split_of(index: int) -> Literal["train", "heldout"]:
    """The split of a draft, unless one is asked for."""
    return "heldout" if index % HELDOUT_EVERY == HELDOUT_EVERY - 1 else "train"


def draft(index: int, seed: int, *, families: Sequence[str] | None = None, split: str | None = None) -> Draft:
    """The draft of that index: a pure function of its arguments, whatever was drafted before.

    Args:
        index: Which draft of the seed, from 0.
        seed: Decides everything random.
        families: Families to take from, by name; drafts go round them. None: all.
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
    family = families[(index // HELDOUT_EVERY + index % HELDOUT_EVERY) % len(families)]
    made = FAMILIES[family](identity(index, seed), rng("procedural", seed, index, family, chosen), chosen)
    made.challenge.provenance.seed = seed
    return made


def author(n: int, seed: int, families: Sequence[str] | None = None, split: str | None = None) -> Iterator[Draft]:
    """The first `n` drafts of a seed; see `draft`."""
    for index in range(n):
        yield draft(index, seed, families=families, split=split)


class ProceduralAuthor:
    """The author of a run; see `synthgym.synthesis.authors.Author`."""

    def __init__(self, seed: int, split: str | None, families: tuple[str, ...]) -> None:
        self.seed, self.split, self.families = seed, split, families

    def at_once(self, jobs: int) -> int:
        """One for each job: drafting is part of it."""
        return jobs

    def ideas(self, bench: Bench) -> Iterator[None]:
        """A number is all it needs."""
        return itertools.repeat(None)

    def make(self, index: int, idea: None, bench: Bench) -> list[Entry]:
        """Drafts and verifies one candidate."""
        folder = bench.staging(str(index))
        report = bench.run(_DraftAndVerify(index, self.seed, self.split, self.families, folder, bench.sandbox))
        made = folder / report.id
        digest = bench.accept(made) if report.ok else None
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
