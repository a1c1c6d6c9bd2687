"""Episodes in one file, sorted and compressed: the same episodes give the same bytes."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import zstandard

from synthgym.agents.trajectories.trajectory import Trajectory, without_timings
from synthgym.base.errors import UserError
from synthgym.base.files.outputs import is_stream, whole_file


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
