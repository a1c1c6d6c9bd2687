"""What an agent is: anything callable with `(observation, info)` that returns the next command.

    def my_agent(observation, info):
        return "python train.py && submit" if info["step"] == 0 else "submit"

A class may say more, all of it optional: `reset(observation, info)` before the first call, and the attributes `name`,
`usage` (tokens and cost), `content` (the raw reply behind the last action), `messages` (the conversation as a model was
shown it) and `calls` (the same in tokens). `as_agent` gives any of these the same face, so that the rest of the code
need not ask.
"""

from __future__ import annotations

import inspect
import math
import traceback
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar, cast

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from synthgym.agents.calls import Call
from synthgym.agents.plain_json import plain, plain_messages, writable
from synthgym.base.errors import AgentError, SynthgymError, UserError
from synthgym.base.messages import warn
from synthgym.base.text import one_line
from synthgym.base.validation import first_problem

T = TypeVar("T")

Info = dict[str, Any]
Message = dict[str, Any]
"""One turn as OpenAI-style endpoints write it: ``{"role": …, "content": …}``."""


class Usage(BaseModel):
    """What an agent has spent on its model.

    Attributes:
        calls: Answers received.
        retries: Calls that failed and were made again.
        format_errors: Answers without exactly one command, each sent back to the model.
        estimated: Answers whose tokens the endpoint did not count, or not all; they are estimated by length.
        cost: In US dollars; None where no price is known.
    """

    model_config = ConfigDict(extra="allow")

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    retries: int = 0
    format_errors: int = 0
    estimated: int = 0
    cost: float | None = None

    @property
    def tokens(self) -> int:
        """Tokens read and written together."""
        return self.prompt_tokens + self.completion_tokens


class Stop(Exception):
    """Raised by an agent that ends its own episode: it has nothing left to try, or a person leaves.

    Args:
        reason: Kept in the record.
        submit: Whether what stands in the workspace is handed in first.
    """

    def __init__(self, reason: str, *, submit: bool = True) -> None:
        super().__init__(reason)
        self.reason, self.submit = reason, submit


class Callee(Protocol):
    """The least an agent must be."""

    def __call__(self, observation: str, info: Info, /) -> str:
        """The next command."""


class Agent:
    """The one face all agents get; made by `as_agent`."""

    def __init__(self, inner: Callee, name: str) -> None:
        self.inner, self.name = inner, name

    def reset(self, observation: str, info: Info) -> None:
        """Begins an episode. Agents without a `reset` keep no state between episodes, or do so on purpose."""
        reset = getattr(self.inner, "reset", None)
        if reset is not None:
            reset(observation, dict(info))

    def __call__(self, observation: str, info: Info) -> str:
        """The next command. The agent gets a copy of `info`: changing it changes nothing."""
        return self.inner(observation, dict(info))

    @property
    def usage(self) -> Usage | None:
        """What the agent says it has spent in this episode, if it says."""
        return self._own("usage", _read_usage)

    @property
    def content(self) -> str | None:
        """The raw reply behind the last action, if there was one."""
        return self._own("content", lambda content: content if isinstance(content, str) else None)

    @property
    def messages(self) -> list[Message] | None:
        """The conversation as the model was last shown it, with its last reply."""
        return self._own("messages", plain_messages)

    @property
    def earlier(self) -> list[list[Message]]:
        """The conversation as it was shown before each time older parts were left out."""
        return self._own("earlier", lambda earlier: [plain_messages(shown) for shown in earlier]) or []

    @property
    def calls(self) -> list[Call]:
        """Every reply of the model in tokens, where the agent has them."""
        return self._own("calls", _CALLS.validate_python) or []

    def _own(self, name: str, read: Callable[[Any], T]) -> T | None:
        """What the agent says in an attribute of its own; None, and a warning, where no record can hold it.

        An episode is not lost for what its agent says beside its commands.
        """
        try:
            value = getattr(self.inner, name, None)
            return None if value is None else read(value)
        except Exception as error:
            warn(f"agent {self.name!r}: its {name} is left out of the record: {_why(error)}", stacklevel=3)
            return None


_CALLS = TypeAdapter(list[Call])


def _read_usage(usage: Any) -> Usage:
    given = dict(usage) if isinstance(usage, Mapping | BaseModel) else vars(usage)
    read = Usage.model_validate({str(name): value for name, value in given.items() if value is not None})
    for name in Usage.model_fields:
        number = getattr(read, name)
        if number is not None and not 0 <= number < math.inf:
            raise ValueError(f"{name}: expected a number of at least 0, got {number!r}")
    return Usage.model_validate({**dict(read), **plain(read.model_extra or {})})


def _why(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return first_problem(error)
    return f"{type(error).__name__}: {error}"


def as_agent(obj: object, *, seed: int = 0, name: str | None = None) -> Agent:
    """Gives a function, a class or an instance the face of an agent.

    Args:
        obj: A callable `(observation, info) -> action`, or a class of such callables. A class is instantiated, with
            `seed=` where its constructor takes one.
        seed: Seed of the episode the agent is for.
        name: How records call it; default: its own `name`, else the name of the function or class.

    Raises:
        UserError: It is nothing that can be called with an observation and an info.
        AgentError: Its constructor raised.

    Example:
        >>> agent = as_agent(lambda observation, info: "submit", name="quitter")
        >>> agent("briefing", {})
        'submit'
    """
    if isinstance(obj, Agent):
        return obj
    fallback = check_agent(obj)
    if inspect.isclass(obj):
        obj = _construct(obj, seed)
    return Agent(cast(Callee, obj), name or own_name(obj) or fallback)


def own_name(obj: object) -> str:
    """The `name` of a class or an instance, in a line; empty where it has none, or one that cannot be had."""
    try:
        name = getattr(obj, "name", None)
    except Exception:  # a property of the agent's own
        return ""
    return one_line(writable(name)).strip() if isinstance(name, str) else ""


def check_agent(obj: object) -> str:
    """Checks that `as_agent` can do something with it, without calling or instantiating anything.

    Returns:
        Its name, as far as that is known without an instance.

    Raises:
        UserError: It can not.
    """
    shown = getattr(obj, "__name__", None) or type(obj).__name__
    expected = "expected something callable with (observation, info) that returns a command"
    call: Any = obj
    if inspect.isclass(obj):
        # A class is itself callable: what counts is whether its instances are.
        call = next((vars(base)["__call__"] for base in obj.__mro__ if "__call__" in vars(base)), None)
    if not callable(call):
        raise UserError(
            f"agent {shown!r}: {expected}, got {'a class without __call__' if inspect.isclass(obj) else obj!r}"
        )
    try:
        signature = inspect.signature(call)
    except ValueError:  # callables written in C need not tell
        return str(shown)
    try:
        signature.bind(*([None] if inspect.isclass(obj) else []), "", {})
    except TypeError as error:
        raise UserError(f"agent {shown!r}: {expected}, but: {error}") from None
    return str(shown)


def _construct(cls: type, seed: int) -> object:
    try:
        takes_seed = "seed" in inspect.signature(cls).parameters
    except ValueError:
        takes_seed = False
    try:
        return cls(seed=seed) if takes_seed else cls()
    except SynthgymError:
        raise
    except Exception as error:
        text = "".join(
            traceback.format_exception(error.with_traceback(error.__traceback__ and error.__traceback__.tb_next))
        )
    raise AgentError(text.rstrip())
