"""What a step is told of: how the policy does, what its batch was like, and where the time went."""

from __future__ import annotations

import json
import statistics
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from synthgym.agents.trajectories.trajectory import Trajectory
from synthgym.base.errors import FileError
from synthgym.base.files.outputs import reported, whole_file
from synthgym.base.files.plain_files import append_to
from synthgym.base.json_reading import kind_of, parse_object, read_lines
from synthgym.train.rl.collecting.collector import Collected
from synthgym.train.rl.collecting.rewards import solved
from synthgym.train.rl.optimizing.batches import Batch

METRICS_FILE = "metrics.jsonl"


def step_metrics(collected: Collected, batch: Batch, kinds: dict[str, str]) -> dict[str, float]:
    """Figures of a step's episodes and of its batch."""
    note, groups = collected.note, collected.groups
    records = [record for group in groups for record in group.records]
    rewards = [reward for group in groups for reward in group.rewards]
    found: dict[str, float] = {
        **_of_episodes("", records),
        "reward": _mean(rewards),
        "reward_std": statistics.pstdev(rewards) if rewards else 0.0,
        "frac_reward_zero_std": 1 - _mean([float(group.teaches) for group in groups]) if groups else 0.0,
        "groups/drawn": len(groups),
        "groups/used": len(collected.used),
        "episodes": len(records),
        "episodes/lost": sum(group.lost for group in groups),
        "episodes/infrastructure_failures": note.failures,
        "completions/mean_length": _mean([float(sum(len(call.ids) for call in record.calls)) for record in records]),
        "completions/clipped_ratio": _mean([float(call.cut_off) for record in records for call in record.calls]),
        "completions/malformed_ratio": _mean([float(not call.valid) for record in records for call in record.calls]),
        "steps/mean": _mean([float(record.outcome.steps) for record in records]),
        "batch/sequences": batch.rows,
        "batch/tokens": batch.tokens,
        "batch/computed": batch.computed,
        "batch/counted": batch.counted,
        "batch/too_long": batch.too_long,
        "batch/stale": batch.stale,
    }
    by_kind: dict[str, list[Trajectory]] = defaultdict(list)
    for record in records:
        by_kind[kinds.get(record.env_id, "other")].append(record)
    for kind, of_kind in sorted(by_kind.items()):
        found |= _of_episodes(f"{kind}/", of_kind)
    return found


def _of_episodes(prefix: str, records: list[Trajectory]) -> dict[str, float]:
    return {
        f"{prefix}improvement": _mean([record.outcome.improvement or 0.0 for record in records]),
        f"{prefix}solved": _mean([float(solved(record)) for record in records]),
        f"{prefix}submitted": _mean([float(record.outcome.accepted_submission) for record in records]),
    }


def _mean(values: list[float]) -> float:
    return statistics.fmean(values) if values else 0.0


class MetricsFile:
    """A line of JSON for each step, in order, each once, whatever was done again after a kill."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def rewind(self, step: int) -> None:
        """Forgets lines of steps that are to be trained again."""
        kept = [line for line in self.read() if step_of(line, self.path) <= step]
        with whole_file(self.path) as file:
            file.writelines(_line(line) for line in kept)

    def add(self, line: dict[str, Any]) -> None:
        """Adds a step."""
        with reported(self.path), append_to(self.path) as file:
            file.write(_line(line))

    def read(self) -> list[dict[str, Any]]:
        """All whole lines; see `read_metrics`."""
        if not self.path.exists():
            return []
        return list(read_metrics(self.path))


def read_metrics(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a file of metrics but one that a kill cut off; numbers in it may be none.

    Raises:
        FileNotFoundError: There is no such file.
        FileError: It cannot be read, or a line is no JSON object.
    """
    for number, line in read_lines(path):
        if line.endswith(b"\n"):
            try:
                yield parse_object(line, finite=False)
            except ValueError as error:
                raise FileError(f"{path}, line {number}: not a line of metrics: {error}; {_WHAT_TO_DO}") from error


def step_of(line: dict[str, Any], path: Path) -> int:
    """The step of a line.

    Raises:
        FileError: It says none.
    """
    step = line.get("step")
    if not isinstance(step, int):
        raise FileError(f"{path}: expected a number as the step of each line, got {kind_of(step)}; {_WHAT_TO_DO}")
    return step


_WHAT_TO_DO = "it was changed: name a new folder, or take the line out"


def _line(line: dict[str, Any]) -> bytes:
    return json.dumps({name: _rounded(value) for name, value in line.items()}).encode() + b"\n"


def _rounded(value: Any) -> Any:
    return round(value, 6) if isinstance(value, float) else value
