"""Reading episodes: from a store, a benchmark, or a file of them, compressed or not, whatever is damaged in it."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import zstandard

from synthgym.agents.trajectories.layout import RUN_FILE, shards_of, stores
from synthgym.agents.trajectories.trajectory import NewerRecord, Trajectory, read_line
from synthgym.agents.trajectories.unpacking import Unpacked
from synthgym.agents.trajectories.zstd_frames import is_whole
from synthgym.base.errors import UserError
from synthgym.base.json_reading import lines_of, open_regular
from synthgym.base.messages import warn

MOST_DAMAGED = 10_000
"""Lines that are no records and are passed over; a file that has more is something else."""

_ZSTD = b"\x28\xb5\x2f\xfd"
"""What a zstd file begins with (RFC 8878), whatever it is called."""


def read_episodes(path: str | Path) -> Iterator[Trajectory]:
    """Every episode of a store's or a benchmark's folder, or of one `.jsonl` or `.jsonl.zst` file, once.

    A damaged line costs its episode, and is told in a warning at the end.

    Raises:
        UserError: There is nothing of the kind, no line is an episode, or one is of a newer release.
    """
    seen: set[str] = set()
    with Damaged() as damaged:
        for line, where in record_lines(Path(path)):
            try:
                record = read_line(line, where)
            except UserError as error:
                damaged.note(line, where, error)
                continue
            if record.episode_id not in seen:
                seen.add(record.episode_id)
                yield record
        if damaged.first and not seen:
            raise damaged.first


class Damaged:
    """Lines that are no records, gathered while others are read, and told in one warning at the end."""

    def __init__(self) -> None:
        self.first: UserError | None = None
        self.count = 0

    def note(self, line: bytes, where: str, error: UserError | None = None) -> None:
        """Takes note of a line.

        Raises:
            UserError: It is of a newer release: so will be the rest. Or it is one of too many.
        """
        if error is None:
            try:
                read_line(line, where)
            except UserError as found:
                error = found
            else:
                error = UserError(f"{where}: not a trajectory")
        if isinstance(error, NewerRecord):
            raise error
        self.first = self.first or error
        self.count += 1
        if self.count > MOST_DAMAGED:
            raise UserError(f"{self.first}, and so are {self.count - 1:,} other lines: no file of trajectories")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self.first and kind is None:
            more = f", and {self.count - 1:,} more" if self.count > 1 else ""
            warn(f"left out, as it cannot be read: {self.first}{more}", stacklevel=3)


def record_lines(path: Path, links: bool = True) -> Iterator[tuple[bytes, str]]:
    """The whole lines of a file or of all shards but blank ones, each with where it stands.

    A file that is named may be a link.
    """
    if path.is_dir():
        shards, agents = shards_of(path), stores(path)
        if not shards and not agents and not (path / RUN_FILE).exists():
            within = sorted(each.parent.name for each in path.glob(f"*/{RUN_FILE}"))
            hint = f"; in it do {', '.join(within)}" if within else ""
            raise UserError(f"{path}: holds no trajectories{hint}; expected the folder of a rollout or a benchmark")
        for part in [*shards, *agents]:
            yield from record_lines(part, links=False)
        return
    if links and not path.exists():
        raise UserError(f"{path}: no such file or folder of trajectories")
    with opened(path, links) as file:
        for number, line in lines_of(file, str(path)):
            if line.endswith(b"\n") and not line.isspace():
                yield line, f"{path}, line {number}"


@contextlib.contextmanager
def opened(path: Path, links: bool = True) -> Iterator[io.BufferedReader]:
    """A file of records, compressed or not; for `links` see `open_regular`.

    Raises:
        UserError: It is called compressed, or begins so, and is not, or is damaged, or not all of it is there, or it
            unpacks to more than it may.
    """
    with open_regular(path, links) as raw:
        file: io.BufferedReader = raw
        if path.suffix == ".zst" or raw.peek(4)[:4] == _ZSTD:
            if not is_whole(raw):
                raise UserError(f"{path}: ends in the middle, as a copy that was cut off does; get it again")
            file = io.BufferedReader(Unpacked(raw, os.fstat(raw.fileno()).st_size, path), 1 << 20)
        try:
            yield file
        except zstandard.ZstdError as error:
            raise UserError(f"{path}: not a zstd file, or a damaged one: {error}") from None
