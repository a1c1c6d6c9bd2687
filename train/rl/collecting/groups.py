"""Groups: several episodes of one challenge with one seed of its environment, and what is known of them afterwards."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from synthgym.agents.trajectories.trajectory import Trajectory
from synthgym.base.files.outputs import write_json
from synthgym.base.json_reading import read_object
from synthgym.base.validation import validated
from synthgym.train.rl.optimizing.advantages import rewards_differ
from synthgym.train.rl.settings import RLSettings

LOOKED_BACK = 4
"""Steps that `first_draw` is told of."""


@dataclass(frozen=True)
class Draw:
    """A challenge and a seed of its environment."""

    env_id: str
    seed: int


@dataclass
class Group:
    """What came of a draw.

    Attributes:
        records: Of the episodes that were finished, in the order of their samples.
        rewards: Of each.
        lost: Episodes that infrastructure ended, after all tries.
    """

    draw: Draw
    records: list[Trajectory] = field(default_factory=list)
    rewards: list[float] = field(default_factory=list)
    lost: int = 0

    @property
    def teaches(self) -> bool:
        """Whether there is anything to be learned: at least two episodes are left, and their rewards differ."""
        return rewards_differ(self.rewards)


class GroupNote(BaseModel):
    """A group as a step's note has it.

    Attributes:
        episodes: Ids of its records, which the store has.
        used: Whether it was trained on.
    """

    model_config = ConfigDict(extra="forbid")

    env_id: str
    seed: int
    episodes: list[str]
    rewards: list[float]
    lost: int = 0
    used: bool = True


class StepNote(BaseModel):
    """What a step was trained on: with the store, all that is needed to train it again.

    Attributes:
        policy: Version of the weights that the episodes were sampled with: the steps they had been trained.
        curriculum: Its state afterwards.
        failures: Attempts that infrastructure ended.
        seconds: That its episodes took, from the first to the last.
        generation: Of these, seconds in which an episode waited for the model; in the others all were in environments.
    """

    model_config = ConfigDict(extra="forbid")

    step: int
    policy: int
    groups: list[GroupNote]
    curriculum: dict[str, Any]
    failures: int = 0
    seconds: float = 0.0
    generation: float = 0.0


def first_draw(before: list[StepNote], settings: RLSettings) -> int:
    """How many groups a step begins with: so many that enough of them teach, if as many do as in the steps before.

    Groups of one draw run at the same time, and the last episode of a draw is waited for before there is another.
    """
    used = [group.used for note in before for group in note.groups]
    if not used:
        return settings.groups
    share = max(1, sum(used)) / len(used)
    return min(settings.groups + settings.max_redraws, math.ceil(settings.groups / share))


def _read(path: Path) -> StepNote:
    return validated(StepNote.model_validate, read_object(path), str(path))


class Notes:
    """The notes of a run, a file a step."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, step: int) -> Path:
        """The file of a step."""
        return self.folder / f"{step:06d}.json"

    def read(self, step: int) -> StepNote | None:
        """The note of a step, if its episodes are all there."""
        path = self.path(step)
        return _read(path) if path.exists() else None

    def write(self, note: StepNote) -> None:
        """Writes a note; it appears whole or not at all."""
        write_json(self.path(note.step), note.model_dump(), indent=None)

    def __iter__(self) -> Any:
        """All notes, in the order of their steps."""
        for path in sorted(self.folder.glob("*.json")):
            yield _read(path)
