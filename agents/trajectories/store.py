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
import json
import os
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import zstandard

from synthgym.agents.trajectories.episode_files import Damaged, read_episodes, record_lines
from synthgym.agents.trajectories.episode_journal import EpisodeJournal
from synthgym.agents.trajectories.layout import (
    EPISODES,
    FAILURES,
    JOURNALS,
    RETRIED,
    RUN_FILE,
    record_files,
    shard_number,
    shards_of,
    stores,
)
from synthgym.agents.trajectories.packing import write_packed
from synthgym.agents.trajectories.resuming import Attempts, Done
from synthgym.agents.trajectories.shard_writer import ShardWriter, ends_whole, no_writers
from synthgym.agents.trajectories.trajectory import Trajectory
from synthgym.base.files.locks import file_lock
from synthgym.base.files.outputs import reported, whole_file
from synthgym.base.files.plain_files import append_to
from synthgym.base.files.run_folder import LOCK_FILE, claim, in_use, one_writer
from synthgym.base.json_reading import parse_object, read_lines

__all__ = ["Store", "read_episodes", "write_packed"]

_STRAGGLER_SECONDS = 10.0


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
        if not set(made) <= {RUN_FILE, FAILURES, JOURNALS, EPISODES}:
            return False
        for folder in [self.folder, *stores(self.folder)]:
            free = held.enter_context(file_lock(folder / LOCK_FILE, wait=False))
            if not free or not no_writers(folder) or any(path.stat().st_size for path in record_files(folder)):
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
            while not no_writers(self.folder):
                if time.monotonic() > deadline:
                    raise in_use(self.folder)
                time.sleep(0.05)
            yield
            with contextlib.suppress(OSError):  # it stays while journals are in it
                (self.folder / JOURNALS).rmdir()

    def writer(self) -> ShardWriter:
        """A writer of finished episodes, for this process; inside `writing` of this or of the parent process."""
        return ShardWriter(self.folder)

    def journal(self, episode_id: str, header: dict[str, Any]) -> EpisodeJournal:
        """A journal of an episode that begins now."""
        return EpisodeJournal(self.folder / JOURNALS / f"{episode_id}.jsonl", header)

    def add_failure(self, failure: dict[str, Any]) -> None:
        """Notes an attempt that infrastructure failed. Only the process that is `writing` does this."""
        path = self.folder / FAILURES
        with reported(path), append_to(path) as file:
            torn = not ends_whole(file.fileno())
            file.write((b"\n" if torn else b"") + json.dumps(failure, ensure_ascii=False).encode() + b"\n")

    def failures(self) -> Iterator[dict[str, Any]]:
        """The failed attempts, oldest first."""
        for folder in [self.folder, *stores(self.folder)]:
            path = folder / FAILURES
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
        with Damaged() as damaged:
            for line, where in record_lines(self.folder):
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
        for shard in shards_of(self.folder):
            kept: list[bytes] = []
            taken: list[bytes] = []
            for line, _ in record_lines(shard, links=False):
                (taken if _id_of(line) in episode_ids else kept).append(line)
            if not taken:
                continue
            path = self.folder / RETRIED
            with reported(path), append_to(path) as file:
                file.write((b"" if ends_whole(file.fileno()) else b"\n") + b"".join(taken))
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
            shards = shards_of(self.folder)
            free = 1 + max((shard_number(shard) for shard in shards), default=-1)
            count = write_packed(self, self.folder / f"episodes-{free}.jsonl.zst")
            for shard in shards:
                shard.unlink()
        return count


def _id_of(line: bytes) -> str | None:
    """The episode that a line is of; None where that cannot be told."""
    try:
        return str(parse_object(line)["episode_id"])
    except (ValueError, KeyError):
        return None
