"""Which episodes of a benchmark a report shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from synthgym.agents.trajectories.layout import stores
from synthgym.agents.trajectories.store import read_episodes
from synthgym.agents.trajectories.trajectory import Trajectory
from synthgym.train.evaluation.scores import load_benchmark


def sample_episodes(folder: Path, count: int) -> Iterator[dict[str, Any]]:
    """The first episode of every agent on each of the first `count` challenges, so that they can be compared."""
    shown = load_benchmark(folder).env_ids[:count]
    first: dict[tuple[str, str], Trajectory] = {}
    for record in read_episodes(folder) if stores(folder) else ():
        key = (record.env_id, record.agent)
        if record.env_id in shown and (key not in first or record.seed < first[key].seed):
            first[key] = record
    for key in sorted(first):
        yield first[key].model_dump(mode="json")
