"""What a benchmark leaves behind: one line per finished episode in `scores.jsonl`, and how to read it back.

A benchmark folder::

    run.json        settings: environments, agents, episodes
    scores.jsonl    one `ScoreRecord` a line
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from synthgym.base.errors import UserError
from synthgym.base.json_lines import read_records
from synthgym.base.json_reading import read_object
from synthgym.base.validation import validated
from synthgym.registry.challenge import Measured

RUN_FILE = "run.json"
SCORES_FILE = "scores.jsonl"

_CLEARLY = 2.0


class ScoreRecord(BaseModel):
    """One finished episode of one solver on one challenge.

    Attributes:
        env_id: The environment's full id, such as ``synthgym/wine-v0``.
        challenge_hash: Content hash of the challenge: scores of different hashes are never compared.
        solver: Name of the agent.
        seed: Seed of the episode.
        metric: Name of the metric.
        direction: Which scores are better.
        baseline: Score of the starter.
        reference: Best known score.
        noise: Differences up to this mean nothing.
        scores: Validation scores in the order they were asked for, on the half of the hidden rows that validates.
        final: Score of the final submission on the held-out half; None where nothing valid was submitted.
        improvement: Held-out improvement of the final submission: 0 is the baseline (or within the noise of it), 1 the
            reference.
        exit_status: How the episode ended.
        steps: Actions taken.
        seconds: Wall clock of the episode.
        tokens: Tokens the agent spent, 0 where it does not say.
        attempts: How many times the episode was begun.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, strict=True)

    env_id: str
    challenge_hash: str
    solver: str
    seed: int
    metric: str
    direction: Literal["higher", "lower"]
    baseline: Measured
    reference: Measured | None = None
    noise: Measured = Field(default=0.0, ge=0)
    scores: list[Measured] = []
    final: Measured | None = None
    improvement: Measured = 0.0
    exit_status: str | None = None
    steps: int = 0
    seconds: float = 0.0
    tokens: int = 0
    attempts: int = Field(default=1, ge=1)

    @property
    def solved(self) -> bool:
        """Whether the final submission beats the baseline by more than twice the noise.

        The noise is a standard deviation: the starter handed in again is that far ahead one time in six.
        """
        if self.final is None or self.improvement <= 0:
            return False
        return abs(self.final - self.baseline) > _CLEARLY * self.noise


@dataclass(frozen=True)
class Benchmark:
    """A benchmark folder as read: its settings and its episodes, at least one."""

    path: Path
    records: list[ScoreRecord]
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def solvers(self) -> list[str]:
        """Names of the solvers in the order they first appear."""
        return list(dict.fromkeys(record.solver for record in self.records))

    @property
    def first(self) -> str:
        """The solver that was named first when the benchmark was begun: what others are measured by."""
        named = (self.settings.get("notes") or {}).get("agents") or []
        return next((name for name in named if name in self.solvers), self.solvers[0])

    @property
    def env_ids(self) -> list[str]:
        """Ids of the environments, sorted."""
        return sorted({record.env_id for record in self.records})


def load_benchmark(folder: Path) -> Benchmark:
    """Reads a benchmark folder and checks that its scores can be compared. A last line that is torn is passed over.

    Raises:
        UserError: No such folder or file, no finished episode, a line that is no record, an episode that stands
            there twice, or one environment with two versions of its challenge.
    """
    path = folder / SCORES_FILE
    try:
        records = list(read_records(path, _record, links=False))
    except (FileNotFoundError, NotADirectoryError):
        raise UserError(
            f"{path}: no such file; expected a folder that `synthgym benchmark --out {folder}` wrote"
        ) from None
    if not records:
        raise UserError(f"{path}: no finished episode yet; let `synthgym benchmark` run on")
    check_comparable(records, str(path))
    return Benchmark(folder, records, _settings(folder / RUN_FILE))


def _record(line: dict[str, Any]) -> ScoreRecord:
    return validated(ScoreRecord.model_validate, line, "expected a record of scores", ValueError)


class _RunPart(BaseModel):
    env_options: dict[str, Any] | None = None


class _NotesPart(BaseModel):
    agents: list[str] | None = None


class _RunFile(BaseModel):
    """Of `run.json` what is not only shown."""

    run: _RunPart | None = None
    notes: _NotesPart | None = None


def _settings(path: Path) -> dict[str, Any]:
    try:
        settings = read_object(path, links=False)
    except FileNotFoundError:
        return {}
    validated(_RunFile.model_validate, settings, str(path))
    return settings


_SAME = ("challenge_hash", "metric", "direction", "baseline", "reference", "noise")


def check_comparable(records: Iterable[ScoreRecord], where: str) -> None:
    """Refuses scores that do not belong together. `where` names their file in errors.

    Raises:
        UserError: Two records of one environment disagree on its challenge, or an episode stands there twice.
    """
    first: dict[str, ScoreRecord] = {}
    seen: set[tuple[str, str, int]] = set()
    for record in records:
        one = first.setdefault(record.env_id, record)
        for name in _SAME:
            a, b = getattr(one, name), getattr(record, name)
            if a != b:
                raise UserError(
                    f"{where}: {record.env_id}: expected one {name} for all episodes, got {a!r} ({one.solver}, seed "
                    f"{one.seed}) and {b!r} ({record.solver}, seed {record.seed}); scores of different versions of a "
                    "challenge cannot be compared: run the benchmark again in a new folder"
                )
        episode = (record.env_id, record.solver, record.seed)
        if episode in seen:
            raise UserError(f"{where}: {record.env_id}: {record.solver}, seed {record.seed} stands there twice")
        seen.add(episode)
