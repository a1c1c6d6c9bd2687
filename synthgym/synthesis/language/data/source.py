"""What data is to the author that is a model: offers, sources, and the catalogues that have them."""

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
from synthgym.synthesis.language.data.tables import DescribeTables, Table, Unreadable
from synthgym.synthesis.run import SynthesisRun

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

    def offers(self) -> list[Offer]:
        """All there is, where that can be listed."""

    def notes_for_user(self) -> Iterable[str]:
        """Lines for the user: what was understood of data of their own, and what of it is not offered, and why."""

    def search(self, words: str, slot: str) -> list[Offer]:
        """What there is near these words."""

    def open(self, name: str, config: str | None) -> Source | None:
        """The data of that name; None if it is not of this catalogue.

        Raises:
            Unfit: No challenge can be made of it.
            InfrastructureError: The place does not answer.
        """


@contextmanager
def folder_for_sandboxes() -> Iterator[Path]:
    """A folder that sandboxes may be shown, for the time being."""
    folder = Path(tempfile.mkdtemp(dir=cache_dir("sources")))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


class _TablesRead(BaseModel):
    """What was found in tables, as the journal has it."""

    tables: list[Table] | None = None
    unreadable: str | None = None

    @model_validator(mode="after")
    def _either(self) -> Self:
        if (self.tables is None) == (self.unreadable is None):
            raise ValueError("expected either tables or why there are none")
        return self


def read_tables_once(
    folder: Path | None, bare: dict[str, tuple[int, str]], run: SynthesisRun, slot: str
) -> tuple[Table, ...]:
    """The tables in a folder, once for each slot; without a folder, those that were found before.

    Raises:
        Unfit: One is none.
    """

    def read() -> dict[str, object]:
        assert folder is not None
        try:
            return {"tables": run.execute(DescribeTables(folder, bare, run.sandbox))}
        except Unreadable as error:
            return {"unreadable": str(error)}

    found = run.journal.once(f"tables/{slot}", read, _TablesRead)
    if "unreadable" in found:
        raise Unfit("unreadable", f"{UNREADABLE}: {found['unreadable']}")
    return tuple(Table.model_validate(each) for each in found["tables"])
