"""Where data may come from: the Hub, folders of one's own, what is bundled with scikit-learn, or nowhere."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, Self

from pydantic import BaseModel, model_validator

from synthgym.base.errors import SynthgymError, UserError
from synthgym.base.files.paths import cache_dir
from synthgym.base.files.plain_files import oddity
from synthgym.registry.challenge import Dataset
from synthgym.synthesis.bench import Bench
from synthgym.synthesis.language.settings import GENERATED, HUB, SKLEARN, Settings
from synthgym.synthesis.language.tables import LookAtTables, Table, Unreadable

_TABLES = (".csv", ".tsv", ".tab", ".txt", ".dat", ".data", ".json", ".jsonl", ".ndjson", ".parquet")
_PACKED = (".gz", ".bz2", ".xz")


_UNREADABLE = "its files cannot be read as tables"


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


def catalogues(settings: Settings) -> list[Catalogue]:
    """The catalogues that settings name.

    Raises:
        UserError: A folder is not there, or holds no table; or two have a data set of one name.
    """
    found: list[Catalogue] = []
    owners: dict[str, str] = {}
    for name in settings.datasets:
        if name == HUB:
            from synthgym.synthesis.language.hub_source import HubCatalogue

            found.append(HubCatalogue(settings))
        elif name == SKLEARN:
            found.append(BundledCatalogue())
        elif name != GENERATED:
            folder = FolderCatalogue(Path(name), settings)
            for each in folder.sets():
                if owners.setdefault(each, name) != name:
                    raise UserError(f"--datasets {owners[each]} and {name}: both hold {each!r}; rename one of them")
            found.append(folder)
    return found


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
        raise Unfit("unreadable", f"{_UNREADABLE}: {found['unreadable']}")
    return tuple(Table.model_validate(each) for each in found["tables"])


class FolderCatalogue:
    """A folder of one's own: every table in it is a data set, and so is every folder of tables.

    A file ``NAME.licence`` beside one states its licence. What a challenge uses is copied into its folder.
    """

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder = folder.expanduser().absolute()
        self.most_bytes = int(settings.most_mb * 1e6)
        if not self.folder.is_dir():
            raise UserError(
                f"--datasets {folder}: expected hub, sklearn, generated, or a folder; there is no such folder"
            )
        if not self.sets():
            raise UserError(f"--datasets {folder}: holds no table; {_EXPECTED}")

    def sets(self) -> dict[str, list[Path]]:
        """Name of a data set → files that may be its tables, by their names."""
        found = {name: [file for file in files if _is_table(file)] for name, files in self._files().items()}
        return {name: files for name, files in found.items() if files}

    def offers(self, bench: Bench) -> list[Offer]:
        """Every data set, with its columns."""
        offered = []
        for name in self.sets():
            try:
                source = self.open(name, None, bench)
            except Unfit:
                continue
            assert source
            offered.append(Offer(name, _about(source.tables)))
        return offered

    def near(self, words: str, bench: Bench, slot: str) -> list[Offer]:
        """All there is: it was offered already."""
        return self.offers(bench)

    def open(self, name: str, config: str | None, bench: Bench) -> Source | None:
        """See `Catalogue`. Of several files those are taken that can be read as tables."""
        files = self.sets().get(name)
        if files is None:
            return None
        size = sum(file.stat().st_size for file in files)
        if size > self.most_bytes:
            raise Unfit("too large", f"{name}: {size / 1e6:.0f} MB; at most {self.most_bytes / 1e6:.0f} MB are allowed")
        looked = {file: self._look(file, bench) for file in files}
        tables = {file: table for file, table in looked.items() if isinstance(table, Table)}
        if not tables:
            why = "; ".join(str(unfit) for unfit in looked.values())
            raise Unfit("unreadable", f"{_UNREADABLE}: {why}")
        stated = self.folder / f"{name}.licence"
        licence = stated.read_text(encoding="utf-8").strip() if _is_own(stated) else ""
        dataset = Dataset(source="local", path="data", files=[file.name for file in tables], licence=licence)
        return Source(dataset, tuple(tables.values()), {f"data/{file.name}": file for file in tables})

    def told(self, bench: Bench) -> Iterator[str]:
        """A line for every file: what was understood of it, or why it is not offered."""
        for path in sorted(self.folder.glob("*/*/")):
            where = path.relative_to(self.folder).as_posix()
            yield f"{where}/: not offered: tables are looked for in {path.parent.name}/ itself"
        for path in sorted([*self.folder.glob("*"), *self.folder.glob("*/*")]):
            if (odd := oddity(path)) and not path.parent.is_symlink():
                yield f"{path.relative_to(self.folder).as_posix()}: not offered: {odd}"
        for name, files in self._files().items():
            fits = sum(file.stat().st_size for file in files if _is_table(file)) <= self.most_bytes
            for file in files:
                where = file.relative_to(self.folder).as_posix()
                if not _is_table(file):
                    yield f"{where}: not offered: {_EXPECTED}"
                elif not fits:
                    yield f"{where}: not offered: {name} is larger than {self.most_bytes / 1e6:g} MB; see --max-mb"
                elif isinstance(table := self._look(file, bench), Table):
                    how = "".join(f"; {each}" for each in table.understood)
                    yield f"{where}: {table.rows} rows, {len(table.columns)} columns{how}"
                else:
                    yield f"{where}: not offered: {table.removeprefix(f'{file.name}: ')}"

    def _files(self) -> dict[str, list[Path]]:
        """Every file that is not hidden and states no licence, by the name of the data set that it may be of."""
        found = {}
        for path in sorted(self.folder.iterdir()):
            files = sorted(path.iterdir()) if path.is_dir() else [path]
            plain = [file for file in files if _is_own(file) and not file.name.startswith(".")]
            if not path.name.startswith(".") and not path.is_symlink():
                found[path.name] = [file for file in plain if file.suffix.lower() != ".licence"]
        return found

    def _look(self, file: Path, bench: Bench) -> Table | str:
        """What is in a file, looked at once in a run; or why it is no table."""
        slot = f"{self.folder}/{file.relative_to(self.folder).as_posix()}"
        try:
            with shown() as folder:
                if f"tables/{slot}" not in bench.journal:
                    shutil.copyfile(file, folder / file.name)
                (table,) = look(folder, {}, bench, slot)
        except Unfit as unfit:
            return str(unfit).removeprefix(f"{_UNREADABLE}: ")
        alone = len(table.columns) == 1 and file.parent == self.folder
        return f"{file.name}: it has one column, and nothing to predict it from" if alone else table


def _is_own(path: Path) -> bool:
    """Whether it is a regular file: what a link leads to is of another place, and would be shared with a challenge."""
    return path.is_file() and not path.is_symlink()


def _is_table(path: Path) -> bool:
    name = path.name.lower()
    for packing in _PACKED:
        name = name.removesuffix(packing)
    return name.endswith(_TABLES)


_EXPECTED = f"expected files that end in {', '.join(_TABLES)}, also packed ({', '.join(_PACKED)})"


def _about(tables: tuple[Table, ...]) -> str:
    """What topics and proposals are made by: the columns, and what is in them."""
    parts = []
    for table in tables:
        shown = table.columns[:_SHOWN]
        parts.append(f"{table.file}: {table.rows} rows; columns {', '.join(column.name for column in shown)}")
        if numbers := [column.name for column in shown if column.low is not None]:
            parts.append(f"numbers: {', '.join(numbers)}")
        few = [
            column
            for column in shown
            if 2 <= column.distinct <= _FEW and max(map(len, column.examples), default=0) <= _SHORT
        ]
        values = [f"{column.name} ({' | '.join(column.examples)})" for column in few]
        if values:
            parts.append(f"few values: {', '.join(values)}")
    return "; ".join(parts)


_SHOWN = 40
_FEW, _SHORT = 6, 20


_BUNDLED = {
    "digits": (["digits.csv.gz"], (0, ","), "grey values of 8 × 8 pixels of handwritten digits, then the digit"),
    "breast_cancer": (
        ["breast_cancer.csv"],
        (1, ","),
        "30 measures of cell nuclei, then 0 for malignant or 1 for benign",
    ),
    "diabetes": (
        ["diabetes_data_raw.csv.gz", "diabetes_target.csv.gz"],
        (0, r"\s+"),
        "age, sex, body mass index, blood pressure and six blood serum measures; in the second file, row by row, how "
        "far the disease had come a year later",
    ),
}
"""Name → files, lines above the first row and separator, what the columns are. Those with enough rows."""


class BundledCatalogue:
    """Data sets that come with scikit-learn."""

    def offers(self, bench: Bench) -> list[Offer]:
        """The data sets that are large enough."""
        return [Offer(name, f"from scikit-learn: {about}") for name, (_, _, about) in _BUNDLED.items()]

    def told(self, bench: Bench) -> Iterable[str]:
        """Nothing: everybody has them."""
        return ()

    def near(self, words: str, bench: Bench, slot: str) -> list[Offer]:
        """All there is."""
        return self.offers(bench)

    def open(self, name: str, config: str | None, bench: Bench) -> Source | None:
        """See `Catalogue`."""
        from synthgym.registry.data import fetch

        if name not in _BUNDLED:
            return None
        files, bare, about = _BUNDLED[name]
        dataset = Dataset(source="sklearn", path=name, files=files, licence="BSD-3-Clause")
        if f"tables/sklearn/{name}" in bench.journal:
            tables = look(None, {}, bench, f"sklearn/{name}")
        else:
            with shown() as folder:
                fetch(dataset, folder, folder / "files", name)
                tables = look(folder / "files", dict.fromkeys(files, bare), bench, f"sklearn/{name}")
        skip, between = bare
        note = f"No header. {'Skip the first line. ' if skip else ''}Cells are parted by {between!r}. Columns: {about}."
        return Source(dataset, tuple(table.model_copy(update={"note": note}) for table in tables))
