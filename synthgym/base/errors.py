"""Every error synthgym raises on purpose, and the failure model they state.

Five things can go wrong around an untrusted program, and they never blur:

* **The agent did something wrong.** A command that fails, times out or kills its shell is an *observation*. A
  submission that is missing or malformed is a `BadSubmission`: the agent is told, it is counted, the episode goes on.
  Neither leaves `env.step` as an exception.
* **The sandbox died** (`SandboxError`): out of memory, killed from outside, could not start. Infrastructure.
* **The grader failed** (`GraderError`): a scorer crashed or wrote nonsense. Infrastructure.
* **The model failed** (`ModelError`): an endpoint refused, timed out, answered nonsense.
* **The Hub failed** (`HubError`): it is down, limits the rate, or answers nonsense. What it refuses for good, because
  it is missing, gated or private, is a `HubRefused`: the caller can put that right.

Infrastructure failures (`InfrastructureError`) are raised, never turned into a reward; a rollout puts such an episode
aside and tries it again. Everything else a user can put right (`UserError`) names the thing, what was expected, what
came, and what to do; the command line prints it without a traceback.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class Stopped(SystemExit):
    """This process was told to end. Nobody's error, unlike any other `SystemExit`, which an agent may raise."""


class SynthgymError(Exception):
    """Base of all errors raised on purpose."""


class UserError(SynthgymError):
    """Something the caller can put right: a wrong name, a malformed file, a missing program."""


class SpecError(UserError):
    """A `challenge.yaml` or `collection.yaml` that is not what it should be; names file and field."""


class NotAsStated(SpecError):
    """A challenge that was verified elsewhere, and does not score here what it says; says how to verify it oneself."""


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


class TooLarge(BadSubmission):
    """A file that was handed in has more bytes than it may have."""


class AgentError(SynthgymError):
    """The agent's own code raised. The episode is recorded as failed, the run goes on."""


class InfrastructureError(SynthgymError):
    """Not the agent's doing. Never becomes a reward."""


class SandboxError(InfrastructureError):
    """A sandbox could not start or is gone."""


class GraderError(InfrastructureError):
    """A scorer or a `prepare.py` crashed, hung, or wrote something that is not a result."""


class ModelError(InfrastructureError):
    """A model endpoint failed after its retries."""


class HubError(InfrastructureError):
    """The Hugging Face Hub did not answer, limited the rate, or answered nonsense, and went on doing so."""
