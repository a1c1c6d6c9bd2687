"""The catalogue of a folder of one's own tables."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from synthgym.base.errors import UserError
from synthgym.base.files.plain_files import oddity
from synthgym.registry.challenge import Dataset
from synthgym.synthesis.language.data.source import (
    UNREADABLE,
    Offer,
    Source,
    Unfit,
    folder_for_sandboxes,
    read_tables_once,
)
from synthgym.synthesis.language.data.tables import Table
from synthgym.synthesis.language.settings import Settings
from synthgym.synthesis.run import SynthesisRun

_TABLES = (".csv", ".tsv", ".tab", ".txt", ".dat", ".data", ".json", ".jsonl", ".ndjson", ".parquet")
_PACKED = (".gz", ".bz2", ".xz")


def data_sets(folder: Path) -> dict[str, list[Path]]:
    """Name of a data set → files that may be its tables, by their names.

    Raises:
        UserError: There is no such folder, or it holds none.
    """
    place = folder.expanduser().absolute()
    if not place.is_dir():
        raise UserError(f"--datasets {folder}: expected hub, sklearn, generated, or a folder; there is no such folder")
    found = {name: [file for file in files if _is_table(file)] for name, files in _files(place).items()}
    found = {name: files for name, files in found.items() if files}
    if not found:
        raise UserError(f"--datasets {folder}: holds no table; {_EXPECTED}")
    return found


class FolderCatalogue:
    """A folder of one's own: every table in it is a data set, and so is every folder of tables.

    A file ``NAME.licence`` beside one states its licence. What a challenge uses is copied into its folder.
    """

    def __init__(self, folder: Path, settings: Settings, run: SynthesisRun) -> None:
        self.folder, self.run = folder.expanduser().absolute(), run
        self.most_bytes = int(settings.most_mb * 1e6)

    def offers(self) -> list[Offer]:
        """Every data set, with its columns."""
        offered = []
        for name in data_sets(self.folder):
            try:
                source = self.open(name, None)
            except Unfit:
                continue
            assert source
            offered.append(Offer(name, _about(source.tables)))
        return offered

    def search(self, words: str, slot: str) -> list[Offer]:
        """All there is: it was offered already."""
        return self.offers()

    def open(self, name: str, config: str | None) -> Source | None:
        """See `Catalogue`. Of several files those are taken that can be read as tables."""
        files = data_sets(self.folder).get(name)
        if files is None:
            return None
        size = sum(file.stat().st_size for file in files)
        if size > self.most_bytes:
            raise Unfit("too large", f"{name}: {size / 1e6:.0f} MB; at most {self.most_bytes / 1e6:.0f} MB are allowed")
        read = {file: self._table(file) for file in files}
        tables = {file: table for file, table in read.items() if isinstance(table, Table)}
        if not tables:
            why = "; ".join(str(unfit) for unfit in read.values())
            raise Unfit("unreadable", f"{UNREADABLE}: {why}")
        stated = self.folder / f"{name}.licence"
        licence = stated.read_text(encoding="utf-8").strip() if _is_own(stated) else ""
        dataset = Dataset(source="local", path="data", files=[file.name for file in tables], licence=licence)
        return Source(dataset, tuple(tables.values()), {f"data/{file.name}": file for file in tables})

    def notes_for_user(self) -> Iterator[str]:
        """A line for every file: what was understood of it, or why it is not offered."""
        for path in sorted(self.folder.glob("*/*/")):
            where = path.relative_to(self.folder).as_posix()
            yield f"{where}/: not offered: tables are looked for in {path.parent.name}/ itself"
        for path in sorted([*self.folder.glob("*"), *self.folder.glob("*/*")]):
            if (odd := oddity(path)) and not path.parent.is_symlink():
                yield f"{path.relative_to(self.folder).as_posix()}: not offered: {odd}"
        for name, files in _files(self.folder).items():
            fits = sum(file.stat().st_size for file in files if _is_table(file)) <= self.most_bytes
            for file in files:
                where = file.relative_to(self.folder).as_posix()
                if not _is_table(file):
                    yield f"{where}: not offered: {_EXPECTED}"
                elif not fits:
                    yield f"{where}: not offered: {name} is larger than {self.most_bytes / 1e6:g} MB; see --max-mb"
                elif isinstance(table := self._table(file), Table):
                    how = "".join(f"; {each}" for each in table.understood)
                    yield f"{where}: {table.rows} rows, {len(table.columns)} columns{how}"
                else:
                    yield f"{where}: not offered: {table.removeprefix(f'{file.name}: ')}"

    def _table(self, file: Path) -> Table | str:
        """What is in a file, looked at once in a run; or why it is no table."""
        slot = f"{self.folder}/{file.relative_to(self.folder).as_posix()}"
        try:
            with folder_for_sandboxes() as folder:
                if f"tables/{slot}" not in self.run.journal:
                    shutil.copyfile(file, folder / file.name)
                (table,) = read_tables_once(folder, {}, self.run, slot)
        except Unfit as unfit:
            return str(unfit).removeprefix(f"{UNREADABLE}: ")
        alone = len(table.columns) == 1 and file.parent == self.folder
        return f"{file.name}: it has one column, and nothing to predict it from" if alone else table


def _files(folder: Path) -> dict[str, list[Path]]:
    """Every file that is not hidden and states no licence, by the name of the data set that it may be of."""
    found = {}
    for path in sorted(folder.iterdir()):
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        plain = [file for file in files if _is_own(file) and not file.name.startswith(".")]
        if not path.name.startswith(".") and not path.is_symlink():
            found[path.name] = [file for file in plain if file.suffix.lower() != ".licence"]
    return found


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
