"""What lies in the folder of a trajectory store, or of a benchmark, and what it is called."""

from __future__ import annotations

import re
from pathlib import Path

from synthgym.base.errors import FileError
from synthgym.base.json_reading import read_object

RUN_FILE = "run.json"
FAILURES = "failures.jsonl"
RETRIED = "retried.jsonl"
JOURNALS = "journal"
EPISODES = "episodes"
"""Folder of a benchmark that holds its agents' stores."""

_SHARD = re.compile(r"episodes-(\d+)\.jsonl(\.zst)?")


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


def shards_of(folder: Path) -> list[Path]:
    """The files of finished episodes, in the order of their numbers."""
    return sorted((p for p in folder.iterdir() if _SHARD.fullmatch(p.name)), key=shard_number)


def record_files(folder: Path) -> list[Path]:
    """The files that hold finished episodes, or may."""
    return [*shards_of(folder), *folder.glob(RETRIED)]


def shard_number(shard: Path) -> int:
    """The number in its name."""
    match = _SHARD.fullmatch(shard.name)
    assert match
    return int(match[1])
