"""What is in a data set's files: columns, values, example rows. Looked at in a sandbox: the files are a stranger's."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from synthgym.base.errors import BadSubmission
from synthgym.base.json_reading import parse_json
from synthgym.envs.sandboxes import open_sandbox
from synthgym.envs.sandboxes.base import Limits, Profile, Sandbox, Setup
from synthgym.registry.challenge import Budget

_PROGRAM = Path(__file__).with_name("describe_tables.py")
_TABLES = Path(__file__).parents[2] / "tables"
_NEEDS = ("json_layout.py", "text_encoding.py", "text_languages.py", "text_layout.py", "text_numbers.py")
"""What it imports of ours, found in `synthgym/synthesis/tables/` there as here."""
_LIMITS = Limits(cpu_seconds=120, wall_seconds=300)
_BUDGET = Budget(memory_mb=4096, disk_mb=64)
_MOST_BYTES = 4 << 20


class Column(BaseModel):
    """One column.

    Attributes:
        name: Its name; a number where the file has no header.
        type: As pandas calls it.
        distinct: Different values.
        missing: Cells without a value.
        examples: Some values, as text.
        low: Smallest value, of numbers.
        high: Largest value, of numbers.
        words: Values such as ``NA`` that are text here, and that pandas takes for missing ones unless it is told.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    type: str
    distinct: int
    missing: int
    examples: tuple[str, ...]
    low: float | None = None
    high: float | None = None
    words: tuple[str, ...] = ()


class Table(BaseModel):
    """One file.

    Attributes:
        file: Its name, as `prepare.py` finds it in its SOURCE folder.
        rows: How many.
        columns: In order.
        head: The first rows, as text.
        call: The call of pandas that reads it from its `path`.
        understood: What was found out of how it is written, where that is not plain.
        note: What else has to be known of it.
    """

    model_config = ConfigDict(frozen=True)

    file: str
    rows: int
    columns: tuple[Column, ...]
    head: tuple[tuple[str, ...], ...]
    call: str = ""
    understood: tuple[str, ...] = ()
    note: str = ""

    def column(self, name: str) -> Column | None:
        """The column of that name; of that name but for blanks around it, where there is none."""
        stripped = (column for column in self.columns if column.name.strip() == name.strip())
        return next((column for column in self.columns if column.name == name), next(stripped, None))


class Unreadable(Exception):
    """A file that is no table; says which and why."""


@dataclass(frozen=True)
class DescribeTables:
    """A job: what is in the files of a folder.

    Attributes:
        folder: The files, where a sandbox may be shown them.
        bare: Of files without a header: name → lines above the first row, and what is between cells.
        sandbox: Backend.
    """

    folder: Path
    bare: dict[str, tuple[int, str]]
    sandbox: str

    def __call__(self) -> list[dict[str, object]]:
        """The tables, as `Table` writes them.

        Raises:
            Unreadable: A file is no table, or too large to be looked at.
            SandboxError: The sandbox failed.
        """
        setup = Setup(Profile.author(_BUDGET), mounts={"/opt/source": self.folder}, env={"SOURCE": "/opt/source"})
        box = open_sandbox(self.sandbox, setup)
        try:
            box.start()
            box.write("describe.py", _PROGRAM.read_bytes())
            for name in _NEEDS:
                box.write(f"synthgym/synthesis/tables/{name}", (_TABLES / name).read_bytes())
            return [self._describe(box, path.name) for path in sorted(self.folder.iterdir())]
        finally:
            box.close()

    def _describe(self, box: Sandbox, name: str) -> dict[str, object]:
        box.write("job.json", json.dumps({"file": name, "bare": self.bare.get(name)}).encode())
        done = box.run("python describe.py > output.txt 2>&1", _LIMITS)
        if done.returncode != 0:
            why = f"more than {done.timeout} time" if done.timeout else box.run("tail -c 600 output.txt", _LIMITS).text
            last = why.strip().split("\n")[-1] or f"exit code {done.returncode}; it may need more memory than there is"
            raise Unreadable(f"{name}: {last}")
        try:
            return Table.model_validate(parse_json(box.read("table.json", _MOST_BYTES), finite=False)).model_dump(
                mode="json"
            )
        except (BadSubmission, ValueError) as error:  # a stranger's table was read in there
            raise Unreadable(f"{name}: what was found in it cannot be read: {error}") from error
