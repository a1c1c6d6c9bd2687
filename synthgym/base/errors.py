"""Every error synthgym raises on purpose, and the failure model they state.

Five things can go wrong around an untrusted program, and they never blur:

* **The agent did something wrong.** A command that fails, times out or kills its shell is an *observation*. A
  submission that is missing or malformed is a `BadSubmission`: the agent is told, it is counted, the episode goes on.
  One that fails while it is scored for good (`FailedInPlay`) ends the episode, and of why only a fixed phrase comes
  back. Neither leaves `env.step` as an exception.
* **The sandbox died** (`SandboxError`): out of memory, killed from outside, could not start. Infrastructure.
* **The grader failed** (`GraderError`): a scorer crashed or wrote nonsense. Infrastructure.
* **The model failed** (`ModelError`): an endpoint refused, timed out, answered nonsense.
* **The Hub failed** (`HubError`): it is down, limits the rate, or answers nonsense. What it refuses for good, because
  it is missing, gated or private, is a `HubRefused`: the caller can put that right.

Infrastructure failures (`InfrastructureError`) are raised, never turned into a reward; a rollout puts such an episode
aside and tries it again. But an agent that has acted may bring down its sandbox, or hand in what breaks a scorer, and
must not get attempt after attempt for that. So where a sandbox dies or a grader fails a second time in play, and an
empty sandbox works, or the grader scores the untouched starter, it is the agent's doing: the episode is recorded, with
the score of what was last validated. Everything else a user can put right (`UserError`) names the thing, what was
expected, what came, and what to do; the command line prints it without a traceback.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Literal

from synthgym.base.text import printable

MOST_SAID = 20_000
"""Longest text of an error, in characters: what it quotes may be a stranger's."""


class Stopped(SystemExit):
    """This process was told to end. Nobody's error, unlike any other `SystemExit`, which an agent may raise."""


class SynthgymError(Exception):
    """Base of all errors raised on purpose.

    Whatever it quotes, its text can be printed, logged, encoded and shown to an agent: nothing in it steers a terminal,
    and it has an end.
    """

    def __init__(self, *parts: object) -> None:
        super().__init__(*(_printable(part) if isinstance(part, str) else part for part in parts))


def _printable(text: str) -> str:
    text = printable(text[: MOST_SAID + 1])
    return text if len(text) <= MOST_SAID else f"{text[: MOST_SAID - 2]} …"


class UserError(SynthgymError):
    """Something the caller can put right: a wrong name, a malformed file, a missing program."""


class SpecError(UserError):
    """A `challenge.yaml` or `collection.yaml` that is not what it should be; names file and field."""


class FileError(UserError):
    """A file that cannot be read, or does not hold what it should; names file and place."""


class NotAsStated(SpecError):
    """A challenge that was verified elsewhere, and does not score here what it says; says how to verify it oneself."""


class Unplayable(SpecError):
    """A challenge that cannot be played here as things stand, such as for want of its image; others can."""


class UnknownNameError(UserError):
    """A name that nothing known answers to; suggests the nearest."""

    def __init__(self, kind: str, name: str, known: Iterable[str], hint: str = "") -> None:
        self.kind, self.name = kind, name
        known = list(known)
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
        text = f"unknown {kind} {name!r}"
        if near:
            text += f"; did you mean {' or '.join(repr(n) for n in near)}?"
        elif known:
            shown = sorted(known)[:8]
            text += f"; known: {', '.join(shown)}{', …' if len(known) > len(shown) else ''}"
        super().__init__(text + (f" {hint}" if hint else ""))


class MissingDependencyError(UserError):
    """A program or an optional package that is not installed; says how to install it."""


class OutOfTurn(UserError):
    """A call of an environment from within another one of the same thread, such as from a signal handler."""


class OutputFolderError(UserError):
    """An output folder that holds something else than this command's own earlier work."""


class HubRefused(UserError):
    """A repository of the Hugging Face Hub, or something in it, that cannot be had as things stand.

    Attributes:
        kind: ``missing`` (or private without a key that may see it), ``gated``, ``disabled``, ``revision`` and ``file``
            (not in the repository), ``key`` (wrong, or without the right), ``conflict`` (changed meanwhile),
            ``too large``, ``offline`` (`HF_HUB_OFFLINE` is set), ``name`` (none that a repository can have).
    """

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind

    @property
    def for_all(self) -> bool:
        """Whether any other repository would be refused too: it is about the caller's key or settings."""
        return self.kind in ("key", "offline")

    def __reduce__(self) -> tuple[type[HubRefused], tuple[str, str]]:
        return type(self), (self.kind, str(self))


class BadSubmission(SynthgymError):
    """What the agent handed in cannot be scored. Told to the agent and counted; never infrastructure."""


class FailedInPlay(BadSubmission):
    """What was handed in failed while it ran, or while its answers were scored.

    Its words may hold what it saw there, hidden instances and all: of the half that counts, an agent is told `kind`.

    Attributes:
        kind: It ``raised`` an error, its process ``ended``, it took too much ``time``, gave an ``answer`` of another
            form than was asked for, or answers for which there is no ``score``; it ``failed`` where no more is known.
        seconds: How long it had run, wall-clock.
        cpu_seconds: What that used.
    """

    def __init__(
        self,
        text: str,
        kind: Literal["raised", "ended", "time", "answer", "score", "failed"],
        seconds: float = 0.0,
        cpu_seconds: float = 0.0,
    ) -> None:
        super().__init__(text)
        self.kind, self.seconds, self.cpu_seconds = kind, seconds, cpu_seconds

    def __reduce__(self) -> tuple[type[FailedInPlay], tuple[str, str, float, float]]:
        return type(self), (str(self), self.kind, self.seconds, self.cpu_seconds)

    @property
    def of_hidden(self) -> str:
        """All that an agent is told of such a failure on the half that counts; the same whatever was handed in."""
        return f"{_IN_PLAY[self.kind]}; more is told of failures in validations only"


_IN_PLAY = {
    "raised": "it raised an error while it was scored",
    "ended": "its process ended while it was scored",
    "time": "it took too long while it was scored",
    "answer": "an answer of it was not of the form that was asked for",
    "score": "no score is defined for what it answered",
    "failed": "it failed while it was scored",
}


class TooLarge(BadSubmission):
    """A file that was handed in has more bytes than it may have."""


class AgentError(SynthgymError):
    """The agent's own code raised. The episode is recorded as failed, the run goes on."""


class InfrastructureError(SynthgymError):
    """Not the agent's doing. Never becomes a reward.

    Attributes:
        in_play: Whether it happened after the agent had acted, where an agent may have brought it about after all.
    """

    in_play = False


class SandboxError(InfrastructureError):
    """A sandbox could not start or is gone."""


class PathTaken(SandboxError):
    """A file cannot be written into a sandbox, which lives: something of another kind has its name, or one above it."""


class GraderError(InfrastructureError):
    """A scorer or a `prepare.py` crashed, hung, or wrote something that is not a result."""


class ModelError(InfrastructureError):
    """A model endpoint failed after its retries."""


class HubError(InfrastructureError):
    """The Hugging Face Hub did not answer, limited the rate, or answered nonsense, and went on doing so."""
