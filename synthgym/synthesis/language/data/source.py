"""What data is to an author: offers, sources, and the catalogues that have them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, Self

from pydantic import BaseModel, model_validator

from synthgym.base.errors import SynthgymError
from synthgym.base.files.paths import cache_dir
from synthgym.registry.challenge import Dataset
from synthgym.synthesis.bench import Bench
from synthgym.synthesis.language.data.tables import LookAtTables, Table, Unreadable

UNREADABLE = "its files cannot be read as tables"


class Unfit(SynthgymError):
    """Data that a challenge cannot be made of; `kind` names why in a word or two."""

    def __init__(self, kind: str, text: str) -> None:
        self.kind = kind
        super().__init__(text)


@dataclass(frozen=True)
class Offer:
    """Data that there is: a name for the proposal, and what may be said of it."""

    name: str
    about: str


@dataclass(frozen=True)
class Source:
    """Data that a challenge can be made of.

    Attributes:
        dataset: For the spec.
        tables: What is in its files.
        files: To be written into the challenge's folder, by path; data that is nowhere else.
    """

    dataset: Dataset
    tables: tuple[Table, ...]
    files: dict[str, Path] = field(default_factory=dict)


class Catalogue(Protocol):
    """One place where data comes from."""

    def offers(self, bench: Bench) -> list[Offer]:
        """All there is, where that can be listed."""

    def told(self, bench: Bench) -> Iterable[str]:
        """Lines for the user: what was understood of data of their own, and what of it is not offered, and why."""

    def near(self, words: str, bench: Bench, slot: str) -> list[Offer]:
        """What there is near these words."""

    def open(self, name: str, config: str | None, bench: Bench) -> Source | None:
        """The data of that name; None if it is not of this catalogue.

        Raises:
            Unfit: No challenge can be made of it.
            InfrastructureError: The place does not answer.
        """


@contextmanager
def shown() -> Iterator[Path]:
    """A folder that sandboxes may be shown, for the time being."""
    folder = Path(tempfile.mkdtemp(dir=cache_dir("sources")))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


class _Looked(BaseModel):
    """What was found in tables, as the journal has it."""

    tables: list[Table] | None = None
    unreadable: str | None = None

    @model_validator(mode="after")
    def _either(self) -> Self:
        if (self.tables is None) == (self.unreadable is None):
            raise ValueError("expected either tables or why there are none")
        return self


def look(folder: Path | None, bare: dict[str, tuple[int, str]], bench: Bench, slot: str) -> tuple[Table, ...]:
    """The tables in a folder, once for each slot; without a folder, those that were found before.

    Raises:
        Unfit: One is none.
    """

    def run() -> dict[str, object]:
        assert folder is not None
        try:
            return {"tables": bench.run(LookAtTables(folder, bare, bench.sandbox))}
        except Unreadable as error:
            return {"unreadable": str(error)}

    found = bench.journal.once(f"tables/{slot}", run, _Looked)
    if "unreadable" in found:
        raise Unfit("unreadable", f"{UNREADABLE}: {found['unreadable']}")
    return tuple(Table.model_validate(each) for each in found["tables"])
