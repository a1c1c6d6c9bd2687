"""ChatAgent: a language model behind an OpenAI-compatible endpoint, one command a reply.

The system prompt comes first, the briefing is the first user message, observations are the user messages after it. A
reply without exactly one command is sent back with what is wrong, a bounded number of times. When the conversation no
longer fits, older observations are left out (see `history`); when that is not enough either, the agent stops, which
hands in what stands in its workspace: the work done so far is then graded instead of lost. Where not even the briefing
fits, that is no agent's doing.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import jinja2

from synthgym.agents import history
from synthgym.agents.agent import Info, Message, Stop, Usage
from synthgym.agents.calls import Call, Calls
from synthgym.agents.chat.actions import ParseProblem, parse_reply
from synthgym.agents.chat.settings import ChatSettings
from synthgym.agents.endpoint.endpoint import Endpoint
from synthgym.agents.endpoint.errors import BadRequest, ContextOverflow, ModelRefused, NoRoom
from synthgym.agents.endpoint.model import Model
from synthgym.agents.endpoint.replies import CHARACTERS_PER_TOKEN, Completion
from synthgym.base.errors import UnknownNameError
from synthgym.base.seeds import derive_seed

PROMPTS = Path(__file__).parent / "prompts"

NO_COMMAND = "replies in a row without exactly one command"
NO_ROOM = "the conversation no longer fits"
"""What the agent's reasons to stop say; exports tell them apart by it."""

_LEAST_PER_TOKEN, _MOST_PER_TOKEN = 0.3, 5.0
"""Characters that a token of real text has, at least and at most. Counts that say otherwise count something else: some
servers leave out what they have in a cache."""

_MORE_ROOM = "a larger context, a shorter prompt= or a smaller max_tokens= makes room"
_NOTHING_SAID = "(no reply)"
_TRIAL = "Reply with one word."


class ChatAgent:
    """Asks a model for the next command.

    Args:
        model: The model's name, or a `Model`.
        base_url: The endpoint, if `model` is a name.
        settings: See `ChatSettings`.
        seed: Seed of the episode; each call gets one of its own derived from it.

    Attributes:
        messages: The conversation as the model was last shown it, with its last reply.
        earlier: The same, before each time something was left out.
        content: The raw reply of the last action.

    Example:
        >>> agent = ChatAgent("qwen3-4b", "http://127.0.0.1:8000/v1", ChatSettings(prompt="researcher"))
    """

    def __init__(
        self, model: str | Model, base_url: str | None = None, settings: ChatSettings | None = None, *, seed: int = 0
    ) -> None:
        self.settings = settings = settings or ChatSettings()
        if isinstance(model, str):
            model = Endpoint(model, base_url, settings).open(tokens=settings.tokens)
        self.model, self.seed = model, seed
        self.name = f"chat:{model.name}"
        self.system = load_prompt(settings.prompt)
        self.messages: list[Message] = []
        self.earlier: list[list[Message]] = []
        self.content: str | None = None
        self._calls = Calls()
        self._fresh = False
        self._answered: int | None = None
        self._per_token: float | None = None

    @property
    def usage(self) -> Usage:
        """What this episode has spent."""
        return self.model.usage

    @property
    def calls(self) -> list[Call]:
        """Every reply of this episode in tokens, those that were sent back too, where they are asked for."""
        return self._calls.made

    def reset(self, observation: str, info: Info) -> None:
        """Begins a conversation with the briefing."""
        self.messages = conversation(self.system, observation)
        self.earlier, self.content, self._fresh, self._answered = [], None, True, None
        self._calls = Calls()
        self.model.usage = Usage(cost=0.0 if self.model.price else None)

    def check(self) -> None:
        """Looks at all that can be known without a call.

        Raises:
            ModelRefused: No call can be made, or there is no room for any conversation.
        """
        self.model.check()
        limit = self._limit()
        if limit is not None and history.characters(conversation(self.system, _TRIAL)) > limit:
            raise ModelRefused(
                f"{self.model.where}: context={self.settings.context} leaves room for about {limit} characters, which "
                f"is less than the system prompt; {_MORE_ROOM}"
            )

    def preflight(self) -> str | None:
        """One short call, before episodes are paid for; see `Model.try_out`."""
        return self.model.try_out(conversation(self.system, _TRIAL))

    def __call__(self, observation: str, info: Info) -> str:
        """The model's next command.

        Raises:
            Stop: Too many replies without a command, or the conversation fits no more.
            NoRoom: It never did.
            ModelError: The endpoint failed.
        """
        if not self.messages:
            self.reset(observation, info)
        if not self._fresh:
            self.messages.append(user_message(observation))
        self._fresh = False
        for tries_left in reversed(range(self.settings.format_tries)):
            completion = self._ask()
            self.content = completion.content
            self.messages.append(assistant_message(completion.content))
            reply = parse_reply(completion.content, cut_off=completion.cut_off)
            self._keep(completion, valid=not isinstance(reply, ParseProblem))
            if not isinstance(reply, ParseProblem):
                return reply.command
            self.usage.format_errors += 1
            if tries_left:
                self.messages.append({"role": "user", "content": reply.message})
        raise Stop(f"{self.settings.format_tries} {NO_COMMAND}")

    def _keep(self, completion: Completion, valid: bool) -> None:
        """Keeps the tokens of a reply that became part of the conversation."""
        if (told := completion.tokens) is not None:
            self._calls.add(told.prompt_ids, told.ids, told.logprobs, cut_off=completion.cut_off, valid=valid)

    def _ask(self) -> Completion:
        self._fit()
        seed = None
        if self.settings.temperature != 0:
            seed = derive_seed("chat", self.seed, self.usage.calls) >> 1  # some endpoints take 31 bits
        guessed = False
        while True:
            size = history.characters(self.messages)
            try:
                completion = self.model.complete(self.messages, seed=seed)
            except ContextOverflow as error:
                if not self._leave_out(size):
                    if self._answered is None and self.settings.max_tokens and "max_tokens" in str(error):
                        raise ModelRefused(f"{error} (max_tokens is {self.settings.max_tokens})") from None
                    if self._answered is None:
                        raise NoRoom(f"{error}; not even the briefing fits: {_MORE_ROOM}") from None
                    raise Stop(f"{NO_ROOM} the model's context") from None
            except BadRequest:
                # Whatever its words: a conversation that was taken before it grew has most likely grown too long.
                if guessed or not self._has_grown(size) or not self._leave_out(size):
                    raise
                guessed = True
            else:
                # Some servers say nothing of it, and leave no room for a reply.
                if _nothing_written(completion) and not guessed and self._has_grown(size) and self._leave_out(size):
                    guessed = True
                    continue
                self.messages = self.model.as_sent(self.messages)
                self._answered = size
                self._learn(size, completion)
                return completion

    def _has_grown(self, size: int) -> bool:
        """Whether the conversation is longer than the one that was last answered."""
        return self._answered is not None and size > self._answered

    def _learn(self, size: int, completion: Completion) -> None:
        """Learns from the endpoint's counts how many characters a token has, and rather believes in few."""
        if not completion.estimated and _LEAST_PER_TOKEN <= size / completion.prompt_tokens <= _MOST_PER_TOKEN:
            self._per_token = min(self._per_token or _MOST_PER_TOKEN, size / completion.prompt_tokens)

    def _leave_out(self, size: int) -> bool:
        """Leaves out older observations, so that less than so many characters are left; False where none can be."""
        return self._shorten(size, keep=self.settings.keep) or self._shorten(size, keep=1)

    def _fit(self) -> None:
        """Leaves out older observations where the settings set a limit."""
        limit = self.settings.history
        if limit and history.characters(self.messages) > limit:
            self._shorten(limit, keep=self.settings.keep)
        limit = self._limit()
        if limit is None:
            return
        for keep in (self.settings.keep, 1):
            if history.characters(self.messages) <= limit:
                return
            self._shorten(limit, keep=keep)
        if (size := history.characters(self.messages)) > limit:
            if self._answered is None:
                raise NoRoom(
                    f"{self.model.where}: context={self.settings.context} leaves room for about {limit} characters, "
                    f"the briefing and the system prompt have {size}: {_MORE_ROOM}"
                )
            raise Stop(f"{NO_ROOM} {self.settings.context} tokens")

    def _limit(self) -> int | None:
        """Characters that the context has room for beside a reply; None where the settings set none."""
        if not self.settings.context:
            return None
        room = self.settings.context - (self.settings.max_tokens or self.settings.context // 8)
        return int(room * (self._per_token or CHARACTERS_PER_TOKEN))

    def _shorten(self, limit: int, keep: int) -> bool:
        shorter = history.cut(self.messages, limit, keep=keep)
        if shorter is None:
            return False
        shown = list(self.messages)
        while shown and shown[-1]["role"] != "assistant":  # not shown to the model in this form yet
            shown.pop()
        if len(shown) > (len(self.earlier[-1]) if self.earlier else 0):
            self.earlier.append(shown)
        self.messages = shorter
        return True


def _nothing_written(completion: Completion) -> bool:
    """Whether a reply was cut off before its first token: a model that only thought has written some."""
    return completion.cut_off and not completion.content.strip() and completion.completion_tokens == 0


def user_message(text: str) -> Message:
    """An observation as a message. Some endpoints refuse empty ones."""
    return {"role": "user", "content": text if text.strip() else "(no output)"}


def assistant_message(text: str) -> Message:
    """A reply as a message. Some endpoints refuse empty ones, also those that they gave themselves."""
    return {"role": "assistant", "content": text if text.strip() else _NOTHING_SAID}


def conversation(system: str, briefing: str, turns: Iterable[tuple[str, str]] = ()) -> list[Message]:
    """System prompt, briefing, then (reply, observation) in turn: how every agent's episode is shown and trained on."""
    messages: list[Message] = [{"role": "system", "content": system}, user_message(briefing)]
    for reply, observation in turns:
        messages += [assistant_message(reply), user_message(observation)]
    return messages


def load_prompt(name: str) -> str:
    """A system prompt by name, or from a path.

    Raises:
        UnknownNameError: No such prompt and no such file.
    """
    path = PROMPTS / f"{name}.j2"
    if not path.is_file():
        path = Path(name).expanduser()
    if not path.is_file():
        raise UnknownNameError("prompt", name, [p.stem for p in PROMPTS.glob("*.j2")], "A path to a file works too.")
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, loader=jinja2.FileSystemLoader(path.parent))
    return environment.get_template(path.name).render()
