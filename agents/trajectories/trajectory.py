"""The record of one finished episode: everything a score, a training set or a report needs, and no more."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import PydanticSerializationError

from synthgym.agents.agent import Message, Usage
from synthgym.agents.calls import Call
from synthgym.agents.plain_json import writable
from synthgym.base.errors import UserError
from synthgym.base.json_reading import MOST_DIGITS, check_size, parse_json
from synthgym.base.validation import first_problem

SCHEMA = 3
"""Version of the record that this release reads, with all before it. A record is written as the first version that
knows all it holds: the same bytes as ever, for older releases too."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True, serialize_by_alias=True)


class Reset(_Part):
    """What the agent was given to begin with."""

    observation: str


class Step(_Part):
    """One action and what came of it.

    Attributes:
        content: The agent's raw reply the action was taken from; None where the agent gave an action only.
        validations: Scores this step's `validate` calls gave; mostly none or one.
    """

    content: str | None = None
    action: str
    observation: str
    reward: float
    returncode: int | None = None
    elapsed: float = 0.0
    validations: list[float] = []


class Outcome(_Part):
    """How the episode ended.

    Attributes:
        exit_status: ``submitted``, ``step_limit`` or ``budget`` as the environment says; ``agent_error`` where the
            agent raised; ``agent_stopped`` where it gave up without an accepted submission; ``sandbox_died`` or
            ``grader_failed`` where it broke the one or the other, twice.
        error: For those from ``agent_error`` on: the agent's error, its reason, or how it broke.
        score: Held-out score of the accepted submission; None without one.
        improvement: The same against the baseline; None without one.
        return_: Sum of rewards (``return`` on disk).
        validations: All scores validations gave, in order.
    """

    exit_status: str | None
    error: str | None = None
    score: float | None = None
    improvement: float | None = None
    return_: float = Field(default=0.0, alias="return")
    validations: list[float] = []
    steps: int = 0
    accepted_submission: bool = False


class Trajectory(_Part):
    """One episode.

    Attributes:
        agent: Name of the agent, as in `AgentSpec`.
        agent_hash: Hash of its source, as in `AgentSpec`; empty where there is none to be found.
        messages: The conversation as the model was last shown it, with its last reply; empty without a model.
        earlier: The conversation as it was shown before each time older observations were left out of it. In each, and
            in `messages`, the replies beyond the length of the one before are those given to exactly this text.
        sample: Which of the episodes with this seed it is: the environment is the same, the agent's luck another.
        calls: Every reply of the model in tokens, in order, where the agent asked for them: those that were sent back
            too. What was asked again, for the endpoint failed, is none.
        attempts: How many times the episode was begun, this one included: earlier ones were ended by infrastructure,
            or by an agent that broke it.
        seconds: Wall-clock time of the episode, the agent's thinking included.
    """

    schema_version: int = Field(default=SCHEMA, alias="schema")
    episode_id: str
    env_id: str
    challenge_hash: str = ""
    agent: str
    agent_hash: str = ""
    seed: int
    sample: int = Field(default=0, ge=0)
    metric: str = ""
    direction: str = ""
    baseline: float | None = None
    reference: float | None = None
    noise: float | None = None
    reset: Reset
    steps: list[Step] = []
    messages: list[Message] = []
    earlier: list[list[Message]] = []
    calls: list[Call] = []
    attempts: int = Field(default=1, ge=1)
    outcome: Outcome
    usage: Usage | None = None
    seconds: float = 0.0
    versions: dict[str, str] = {}

    @field_validator("schema_version")
    @classmethod
    def _migrated(cls, schema: int) -> int:
        """A record of an earlier version becomes one of this. What is new since is at its default: none, the first."""
        if not 1 <= schema <= SCHEMA:
            raise ValueError(f"expected a version from 1 to {SCHEMA}, got {schema}")
        return SCHEMA

    @property
    def scored(self) -> bool:
        """Whether the agent ever got a score: one valid validation or an accepted submission."""
        return self.outcome.accepted_submission or bool(self.outcome.validations)

    def to_line(self) -> str:
        """One line of JSON without its newline; the same record always gives the same bytes."""
        fields = type(self).model_fields
        schema = max([1, *(_SINCE[name] for name in _SINCE if getattr(self, name) != fields[name].default)])
        record = self.model_copy(update={"schema_version": schema})
        left_out = {name for name in _SINCE if _SINCE[name] > schema}
        try:
            return record.model_dump_json(by_alias=True, exclude=left_out)
        except PydanticSerializationError:  # an agent's own messages may hold anything
            data = record.model_dump(by_alias=True, exclude=left_out)
            return writable(json.dumps(data, ensure_ascii=False, default=repr))


_SINCE = {"sample": 2, "calls": 2, "attempts": 3}
"""The first version that knows a field that version 1 does not."""


def without_timings(record: Trajectory) -> Trajectory:
    """The record without what differs between two runs of the same episode: clocks and versions."""
    steps = [step.model_copy(update={"elapsed": 0.0}) for step in record.steps]
    return record.model_copy(update={"steps": steps, "seconds": 0.0, "versions": {}})


def episode_id(env_id: str, agent: str, seed: int, sample: int = 0) -> str:
    """The name of an episode: who, where, which seed, which sample. The same four never need to be run twice."""
    parts = [env_id, agent, str(seed), *([str(sample)] if sample else [])]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:20]


class NewerRecord(UserError):
    """A record of a newer release."""


def read_line(line: str | bytes, where: str) -> Trajectory:
    """Reads one record.

    Args:
        line: The JSON.
        where: File and line, for the message.

    Raises:
        NewerRecord: It is one of a newer release.
        UserError: It is no record.
    """
    try:
        check_size(line)
    except ValueError as error:
        raise UserError(f"{where}: not a trajectory: {error}") from error
    try:
        record = Trajectory.model_validate_json(line)
    except ValidationError as error:
        schema = _schema_of(line)
        if schema is not None and schema > SCHEMA:
            raise NewerRecord(
                f"{where}: a record of format {schema}; this synthgym reads up to {SCHEMA}; "
                "upgrade with: pip install --upgrade synthgym"
            ) from None
        raise UserError(f"{where}: not a trajectory: {first_problem(error)}") from None
    for field, number in _numbers(record):
        if number is not None and not -_LARGEST < number < _LARGEST:
            raise UserError(f"{where}: not a trajectory: field '{field}': expected a number of usual size")
    return record


_LARGEST = 10.0**MOST_DIGITS


def _numbers(record: Trajectory) -> Iterator[tuple[str, float | None]]:
    """The numbers of a record that are counted with, and their fields: JSON has some that no float can hold."""
    outcome, usage = record.outcome, record.usage
    yield from (("seed", record.seed), ("sample", record.sample), ("seconds", record.seconds))
    yield from (("baseline", record.baseline), ("reference", record.reference), ("noise", record.noise))
    for name in ("score", "improvement", "return_", "steps"):
        yield f"outcome.{name}", getattr(outcome, name)
    yield from (("outcome.validations", score) for score in outcome.validations)
    for name in type(usage).model_fields if usage else ():
        yield f"usage.{name}", getattr(usage, name)
    for number, step in enumerate(record.steps):
        yield from ((f"steps.{number}.{name}", getattr(step, name)) for name in ("reward", "returncode", "elapsed"))
        yield from ((f"steps.{number}.validations", score) for score in step.validations)


def _schema_of(line: str | bytes) -> int | None:
    try:
        data = parse_json(line)
    except ValueError:
        return None
    schema = data.get("schema") if isinstance(data, dict) else None
    return schema if isinstance(schema, int) else None


@functools.cache
def versions() -> dict[str, str]:
    """What made a record."""
    found = {"python": platform.python_version()}
    for package in ("synthgym", "gymnasium"):
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:  # run from a source tree that is not installed
            found[package] = "unknown"
    return found
