"""The trajectory store: a folder that only grows, one line for every finished episode.

    OUT/run.json              which run this is
    OUT/episodes-<k>.jsonl    shards: one a writing process at a time, a line a finished episode
    OUT/episodes-<k>.jsonl.zst  the same, packed
    OUT/failures.jsonl        attempts that infrastructure failed
    OUT/retried.jsonl         finished episodes that were to be run again: taken out of the shards, kept to be looked at
    OUT/journal/<episode>.jsonl  episodes that are running, or were when their process died

A line counts once its newline is on disk. A process that dies in the middle of one leaves a torn line: readers pass
over it, and nothing is ever written behind it. Episodes are told apart by their id; of two of one id the first counts.

A benchmark has a store for each agent, in ``OUT/episodes/``; read as a store, it has the episodes of all.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import io
import itertools
import json
import os
import re
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import zstandard

from synthgym.agents.agent import Info
from synthgym.agents.reasons import reason
from synthgym.agents.trajectories.trajectory import NewerRecord, Step, Trajectory, read_line, without_timings
from synthgym.agents.trajectories.unpacking import Unpacked
from synthgym.agents.trajectories.zstd_frames import is_whole
from synthgym.base.errors import FileError, OutputFolderError, UserError
from synthgym.base.files.locks import file_lock
from synthgym.base.files.outputs import is_stream, reported, whole_file
from synthgym.base.files.plain_files import append_to, oddity, open_plain
from synthgym.base.files.run_folder import LOCK_FILE, claim, in_use, one_writer
from synthgym.base.json_reading import lines_of, open_regular, parse_object, read_lines, read_object
from synthgym.base.messages import warn

RUN_FILE = "run.json"
MOST_DAMAGED = 10_000
"""Lines that are no records and are passed over; a file that has more is something else."""
EPISODES = "episodes"
"""Folder of a benchmark that holds its agents' stores."""
_SHARD = re.compile(r"episodes-(\d+)\.jsonl(\.zst)?")
_STRAGGLER_SECONDS = 10.0
_ZSTD = b"\x28\xb5\x2f\xfd"
"""What a zstd file begins with (RFC 8878), whatever it is called."""


@dataclass(frozen=True)
class Done:
    """What resuming needs to know of a finished episode."""

    challenge_hash: str
    exit_status: str | None
    improvement: float | None
    agent_hash: str = ""
    error: str | None = None
    attempts: int = 1

    @classmethod
    def of(cls, record: dict[str, Any]) -> Done:
        """What counts of a record as JSON has it."""
        outcome = record["outcome"]
        error = outcome.get("error")
        return cls(
            record["challenge_hash"],
            outcome["exit_status"],
            outcome["improvement"],
            record.get("agent_hash", ""),
            error and reason(error),
            record.get("attempts", 1),
        )


@dataclass(frozen=True)
class Attempts:
    """Attempts at an episode that infrastructure failed.

    Attributes:
        count: How many.
        broken: Whether one of them broke in play.
    """

    count: int = 0
    broken: bool = False


class Store:
    """A trajectory store in `folder`; see the module's text for what lies there.

    Example:
        >>> for record in Store("runs/first"):
        ...     print(record.env_id, record.outcome.improvement)
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def __iter__(self) -> Iterator[Trajectory]:
        """Every finished episode once."""
        return read_episodes(self.folder)

    def claim(self, identity: dict[str, Any], notes: dict[str, Any] | None = None) -> None:
        """Makes the folder this run's, or finds that it is. One in which no episode was finished is anybody's.

        Args:
            identity: What must be the same for two commands to be one run.
            notes: Written beside it, for people.

        Raises:
            OutputFolderError: It holds something else, or another run; or links, which lead elsewhere.
        """
        claim(self.folder, RUN_FILE, identity, self._unused, notes=notes)

    def _unused(self, held: contextlib.ExitStack) -> bool:
        """Whether the run that the folder is of finished no episode, made nothing else, and has ended."""
        made = [path.name for path in self.folder.iterdir() if not path.name.startswith((".", f"{EPISODES}-"))]
        if not set(made) <= {RUN_FILE, "failures.jsonl", "journal", EPISODES}:
            return False
        for folder in [self.folder, *stores(self.folder)]:
            free = held.enter_context(file_lock(folder / LOCK_FILE, wait=False))
            if not free or not _no_writers(folder) or any(path.stat().st_size for path in _records(folder)):
                return False
        return True

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Holds the store for one run, and waits for writers of a run that was killed a moment ago.

        Raises:
            OutputFolderError: Another process writes here.
        """
        with one_writer(self.folder):
            deadline = time.monotonic() + _STRAGGLER_SECONDS
            while not _no_writers(self.folder):
                if time.monotonic() > deadline:
                    raise in_use(self.folder)
                time.sleep(0.05)
            yield
            with contextlib.suppress(OSError):  # it stays while journals are in it
                (self.folder / "journal").rmdir()

    def writer(self) -> ShardWriter:
        """A writer of finished episodes, for this process; inside `writing` of this or of the parent process."""
        return ShardWriter(self.folder)

    def journal(self, episode_id: str, header: dict[str, Any]) -> Journal:
        """A journal of an episode that begins now."""
        return Journal(self.folder / "journal" / f"{episode_id}.jsonl", header)

    def add_failure(self, failure: dict[str, Any]) -> None:
        """Notes an attempt that infrastructure failed. Only the process that is `writing` does this."""
        path = self.folder / "failures.jsonl"
        with reported(path), append_to(path) as file:
            torn = not _ends_whole(file.fileno())
            file.write((b"\n" if torn else b"") + json.dumps(failure, ensure_ascii=False).encode() + b"\n")

    def failures(self) -> Iterator[dict[str, Any]]:
        """The failed attempts, oldest first."""
        for folder in [self.folder, *stores(self.folder)]:
            path = folder / "failures.jsonl"
            if os.path.lexists(path):
                for _, line in read_lines(path, links=False):
                    with contextlib.suppress(ValueError):  # a torn line
                        yield parse_object(line)

    def attempts(self, agent_hash: str) -> dict[str, Attempts]:
        """By episode: what failed of it while the agent's code was this; nothing where none of it did."""
        found: dict[str, Attempts] = {}
        for failure in self.failures():
            name = failure.get("episode_id")
            if isinstance(name, str) and failure.get("agent_hash") == agent_hash:
                before = found.get(name, Attempts())
                found[name] = Attempts(before.count + 1, before.broken or failure.get("in_play") is True)
        return found

    def done(self) -> dict[str, Done]:
        """The finished episodes by id, without building records of them; see `read_episodes` for damaged ones.

        Raises:
            UserError: One is of a newer release.
        """
        found: dict[str, Done] = {}
        with _Damaged() as damaged:
            for line, where in _lines(self.folder):
                try:
                    data = parse_object(line)
                    found.setdefault(str(data["episode_id"]), Done.of(data))
                except (ValueError, KeyError, TypeError, AttributeError):
                    damaged.note(line, where)
        return found

    def take_out(self, episode_ids: Collection[str]) -> int:
        """Takes finished episodes out of the shards, so that they are run again; they are kept in `retried.jsonl`.

        Only the process that is `writing` does this, and before it has writers. Killed at any point, none is lost.

        Returns:
            The number of lines taken out.
        """
        count = 0
        for shard in _shards(self.folder):
            kept: list[bytes] = []
            taken: list[bytes] = []
            for line, _ in _lines(shard, links=False):
                (taken if _id_of(line) in episode_ids else kept).append(line)
            if not taken:
                continue
            path = self.folder / "retried.jsonl"
            with reported(path), append_to(path) as file:
                file.write((b"" if _ends_whole(file.fileno()) else b"\n") + b"".join(taken))
                file.flush()
                os.fsync(file.fileno())
            with whole_file(shard) as file:
                data = b"".join(kept)
                file.write(zstandard.ZstdCompressor(level=19).compress(data) if shard.suffix == ".zst" else data)
            count += len(taken)
        return count

    def compact(self) -> int:
        """Packs all shards into one compressed file. Killed at any point, no episode is lost or doubled.

        Returns:
            The number of episodes.
        """
        if agents := stores(self.folder):
            return sum(Store(agent).compact() for agent in agents)
        with self.writing():
            shards = _shards(self.folder)
            free = 1 + max((_number(shard) for shard in shards), default=-1)
            count = write_packed(self, self.folder / f"episodes-{free}.jsonl.zst")
            for shard in shards:
                shard.unlink()
        return count


class ShardWriter:
    """Appends to a shard no other process writes to."""

    def __init__(self, folder: Path) -> None:
        self._presence = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        _flock(self._presence, fcntl.LOCK_SH)
        self.path, self._file = self._take(folder)

    @staticmethod
    def _take(folder: Path) -> tuple[Path, int]:
        for k in itertools.count():
            path = folder / f"episodes-{k}.jsonl"
            if os.path.lexists(path.with_suffix(".jsonl.zst")):
                continue
            with reported(path):
                file = open_plain(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
            if _flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB) and _ends_whole(file):
                return path, file
            os.close(file)
        raise AssertionError("unreachable")

    def add(self, record: Trajectory) -> None:
        """Writes one finished episode; on return it is on disk.

        Raises:
            OutputFolderError: It cannot be written (the disk is full); the shard is as it was before.
        """
        size = os.fstat(self._file).st_size
        line = memoryview(record.to_line().encode() + b"\n")
        try:
            with reported(self.path):
                while line:
                    line = line[os.write(self._file, line) :]
                os.fsync(self._file)
        except BaseException:
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, size)
            raise

    def close(self) -> None:
        """Lets go of the shard."""
        os.close(self._file)
        os.close(self._presence)


class Journal:
    """Follows a running episode on disk, so that a killed one can be looked at. It is a `Watcher`."""

    def __init__(self, path: Path, header: dict[str, Any]) -> None:
        self.path = path
        with reported(path):
            path.parent.mkdir(exist_ok=True)
            if odd := oddity(path.parent):
                raise OutputFolderError(f"{path.parent}: {odd}; expected a folder: remove it, or name a new folder")
            self._file = os.fdopen(open_plain(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), "w", encoding="utf-8")
        self._write(header)

    def begin(self, observation: str, info: Info) -> None:
        """The environment was reset."""
        self._write({"reset": {"observation": observation}})

    def step(self, step: Step, info: Info) -> None:
        """A step was made."""
        self._write(step.model_dump())

    def finish(self) -> None:
        """The episode's record is in a shard: the journal has done its work."""
        self.close()
        self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Leaves the journal for whoever wants to know."""
        with contextlib.suppress(OSError):  # a full disk was reported by the write
            self._file.close()

    def _write(self, data: dict[str, Any]) -> None:
        with reported(self.path):
            self._file.write(json.dumps(data, ensure_ascii=False, default=str) + "\n")
            self._file.flush()


def stores(folder: str | Path) -> list[Path]:
    """The stores of a benchmark's folder, one for each agent; none where it is something else."""
    return sorted(path for path in (Path(folder) / EPISODES).glob("*") if path.is_dir() and not path.is_symlink())


def agent_of(folder: Path) -> str | None:
    """The agent whose store a folder is; None where it is nobody's."""
    try:
        name = read_object(folder / RUN_FILE, links=False)["run"]["agent"]
    except (OSError, FileError, KeyError, TypeError):
        return None
    return name if isinstance(name, str) else None


def read_episodes(path: str | Path) -> Iterator[Trajectory]:
    """Every episode of a store's or a benchmark's folder, or of one `.jsonl` or `.jsonl.zst` file, once.

    A damaged line costs its episode, and is told in a warning at the end.

    Raises:
        UserError: There is nothing of the kind, no line is an episode, or one is of a newer release.
    """
    seen: set[str] = set()
    with _Damaged() as damaged:
        for line, where in _lines(Path(path)):
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


class _Damaged:
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


def _id_of(line: bytes) -> str | None:
    """The episode that a line is of; None where that cannot be told."""
    try:
        return str(parse_object(line)["episode_id"])
    except (ValueError, KeyError):
        return None


def write_packed(records: Iterable[Trajectory], path: str | Path, *, timings: bool = True, named: bool = False) -> int:
    """Writes episodes to one file, sorted by environment, agent, seed and sample: same episodes, same bytes.

    Args:
        records: They are held compressed while they are sorted, so that large stores fit in memory.
        path: Appears whole or not at all. Its name ends in ``.zst``, and it is compressed; or in ``.jsonl``. A
            device or a pipe may be called as it likes.
        timings: Whether clocks and versions stay; without them two runs of a seed give the same file.
        named: Whether the user named this very file; see `synthgym.base.files.outputs.whole_file`.

    Returns:
        The number of episodes.

    Raises:
        UserError: Its name ends otherwise.
    """
    path = Path(path)
    if path.suffix not in (".zst", ".jsonl") and not is_stream(path):
        raise UserError(f"{path}: expected a name that ends in .jsonl.zst, for a compressed file, or in .jsonl")
    squeeze, expand = zstandard.ZstdCompressor(level=1), zstandard.ZstdDecompressor()
    held: dict[tuple[str, str, int, int, str], bytes] = {}
    for record in records:
        key = (record.env_id, record.agent, record.seed, record.sample, record.episode_id)
        line = (record if timings else without_timings(record)).to_line()
        held.setdefault(key, squeeze.compress(line.encode() + b"\n"))
    with whole_file(path, named) as file, contextlib.ExitStack() as stack:
        to: Any = file
        if path.suffix == ".zst":
            to = stack.enter_context(zstandard.ZstdCompressor(level=19).stream_writer(file, closefd=False))
        for key in sorted(held):
            to.write(expand.decompress(held[key]))
    return len(held)


def _shards(folder: Path) -> list[Path]:
    return sorted((p for p in folder.iterdir() if _SHARD.fullmatch(p.name)), key=_number)


def _records(folder: Path) -> list[Path]:
    """The files that hold finished episodes, or may."""
    return [*_shards(folder), *folder.glob("retried.jsonl")]


def _number(shard: Path) -> int:
    match = _SHARD.fullmatch(shard.name)
    assert match
    return int(match[1])


def _lines(path: Path, links: bool = True) -> Iterator[tuple[bytes, str]]:
    """The whole lines of a file or of all shards but blank ones, each with where it stands.

    A file that is named may be a link.
    """
    if path.is_dir():
        shards, agents = _shards(path), stores(path)
        if not shards and not agents and not (path / RUN_FILE).exists():
            within = sorted(each.parent.name for each in path.glob(f"*/{RUN_FILE}"))
            hint = f"; in it do {', '.join(within)}" if within else ""
            raise UserError(f"{path}: holds no trajectories{hint}; expected the folder of a rollout or a benchmark")
        for part in [*shards, *agents]:
            yield from _lines(part, links=False)
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


def _ends_whole(file: int) -> bool:
    size = os.fstat(file).st_size
    return size == 0 or os.pread(file, 1, size - 1) == b"\n"


def _no_writers(folder: Path) -> bool:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        return _flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        os.close(descriptor)


def _flock(descriptor: int, how: int) -> bool:
    """Whether the lock is had; also true on file systems that have none, where `run.json` is all the care there is."""
    try:
        fcntl.flock(descriptor, how)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in (errno.ENOTSUP, errno.ENOLCK, errno.EINVAL, errno.ENOSYS):
            raise
    return True
