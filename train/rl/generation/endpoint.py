"""Who answers the episodes: a server of the current adapter, or the model in training itself. Both look alike.

Every step's adapter is served under a name of its own, for a server would go on with what it remembers of the old one.
"""

from __future__ import annotations

import contextlib
import copy
import shutil
import threading
import time
from pathlib import Path
from typing import Any, Protocol

from synthgym.agents.chat.agent import ChatAgent
from synthgym.agents.chat.settings import ChatSettings
from synthgym.base.errors import InfrastructureError, ModelError
from synthgym.train.rl.generation.local_model import LocalModel
from synthgym.train.rl.policy import Policy
from synthgym.train.rl.settings import RLSettings
from synthgym.train.serving.errors import ServerFailed

_KEPT = 2
"""Adapters that stay on disk: the one that is asked, and the one before it."""


class Endpoint(Protocol):
    """Who answers.

    Attributes:
        engine: ``vllm`` or ``transformers``.
        starts: Servers that were started so far.
    """

    engine: str
    starts: int

    @property
    def starting(self) -> float:
        """Seconds that were spent on starting a server."""

    def publish(self, version: int) -> None:
        """From now on answers come from the weights as they are."""

    def agent(self, seed: int) -> ChatAgent:
        """An agent that asks it, for one episode."""

    def revive(self) -> None:
        """Starts it again, should it have died."""

    def close(self) -> None:
        """Ends it; whoever waits for an answer is told."""


def chat_settings(settings: RLSettings, context: int, **more: Any) -> ChatSettings:
    """How agents ask."""
    chat = settings.chat
    return ChatSettings(
        prompt=chat.prompt,
        format_tries=chat.format_tries,
        context=min(chat.context or context, context, settings.max_length),
        max_tokens=settings.max_completion_length,
        temperature=settings.temperature,
        **more,
    )


class LocalEndpoint:
    """Generation in this process: by the model in training, or by a twin of it.

    A twin has the trained weights only to itself. There is one where both are to work at a time, and for an adapter,
    whose trainer puts kernels of its own into its model.
    """

    engine = "transformers"
    starts = 0
    starting = 0.0

    def __init__(self, policy: Policy, settings: RLSettings) -> None:
        from synthgym.train.rl.generation.continuous_batching import Generator

        self._policy, self._settings = policy, settings
        twin = settings.overlap or policy.adapted
        self._actor = _twin(policy.model) if twin else policy.model
        theirs = dict(policy.model.named_parameters())
        self._pairs = [
            (mine, theirs[name]) for name, mine in self._actor.named_parameters() if mine is not theirs[name]
        ]
        self._chat = chat_settings(settings, policy.context)
        self._generator = Generator(self._actor, policy.ends, settings.episodes_at_once, settings.threads)

    def publish(self, version: int) -> None:
        """Takes over the weights."""
        for mine, theirs in self._pairs:
            mine.data.copy_(theirs.data)
        self._generator.version = version

    def agent(self, seed: int) -> ChatAgent:
        """An agent for one episode."""
        chat = self._chat
        assert chat.context
        assert chat.max_tokens
        model: Any = LocalModel(
            "policy",
            self._generator,
            self._policy.tokenizer,
            context=chat.context,
            most=chat.max_tokens,
            temperature=self._settings.temperature,
        )
        return ChatAgent(model, settings=chat, seed=seed)

    def revive(self) -> None:
        """There is nothing that could die alone."""

    def close(self) -> None:
        """Ends the generation."""
        self._generator.close()


def _twin(model: Any) -> Any:
    """A copy that shares what is not trained."""
    shared = [weights for weights in model.parameters() if not weights.requires_grad]
    return copy.deepcopy(model, {id(weights): weights for weights in shared}).eval()


class ServedEndpoint:
    """A server of `synthgym.train.serving`: an adapter is loaded while it runs; for a whole model it starts anew."""

    def __init__(self, policy: Policy, settings: RLSettings, out: Path) -> None:
        self._policy, self._settings, self._out = policy, settings, out
        self._chat = chat_settings(settings, policy.context, tokens=True, attempts=2, timeout=600.0)
        self._stack = contextlib.ExitStack()
        self._server: Any = None
        self._name: str | None = None
        self._lock = threading.Lock()
        self._in_a_row = 0
        self._log = out.parent / "server.log"
        self.engine = "vllm"
        self.starts = 0
        self.starting = 0.0

    def publish(self, version: int) -> None:
        """Saves the adapter, has it loaded under a new name, and the old one forgotten."""
        name = f"step-{version:06d}"
        folder = self._policy.save(self._out / name)
        with self._lock:
            before, self._name = self._name, name
            try:
                if self._server is None or not self._policy.adapted:
                    self._start()
                elif before != name:
                    self._server.load_adapter(name, folder)
                    self._server.unload_adapter(before)
                self._in_a_row = 0
            except ServerFailed:
                if self._server is None or self._server.alive():
                    raise
                self._start_again()
        for old in sorted(path for path in self._out.glob("step-*") if path.name < name)[: -(_KEPT - 1)]:
            shutil.rmtree(old, ignore_errors=True)

    def agent(self, seed: int) -> ChatAgent:
        """An agent for one episode."""
        from synthgym.agents.specs import parse_spec

        settings = self._chat.model_dump(exclude_none=True, exclude_defaults=True)
        with self._lock:
            if self._server is None:
                raise ModelError("the server was stopped")
            spec = self._server.spec(self._name if self._policy.adapted else None, **settings)
        agent = parse_spec(spec).make(seed).inner
        assert isinstance(agent, ChatAgent)
        return agent

    def revive(self) -> None:
        """Starts the server again if it is gone, a bounded number of times in a row.

        Raises:
            InfrastructureError: It was gone too often.
        """
        with self._lock:
            if self._server is not None and not self._server.alive():
                self._start_again()

    def close(self) -> None:
        """Ends the server."""
        with self._lock:
            self._server = None
            self._stack.close()

    def _start_again(self) -> None:
        self._in_a_row += 1
        if self._in_a_row > self._settings.restarts:
            raise InfrastructureError(
                f"the model's server died {self._in_a_row} times in a step. All of its log is in {self._log}; the last "
                f"time {self._server.failure_text()}"
            )
        self._start()

    def _start(self) -> None:
        from synthgym.train.serving import serve

        begun = time.monotonic()
        self._stack.close()
        folder = self._out / str(self._name)
        adapters = {str(self._name): folder} if self._policy.adapted else {}
        self._server = self._stack.enter_context(
            serve(
                self._policy.folder if self._policy.adapted else folder,
                engine="vllm",
                adapters=adapters,
                max_lora_rank=self._rank(),
                context=self._chat.context,
                dtype=self._settings.dtype,
                log=self._log,
            )
        )
        self.engine = self._server.engine
        self.starts += 1
        self.starting += time.monotonic() - begun

    def _rank(self) -> int:
        if not self._policy.adapted:
            return 64
        return int(self._policy.model.peft_config["default"].r)


def open_endpoint(policy: Policy, settings: RLSettings, out: Path) -> Endpoint:
    """The endpoint that the settings ask for; ``auto`` takes vLLM where it is installed."""
    from synthgym.train.serving import find_vllm

    if settings.engine == "vllm" or (settings.engine == "auto" and find_vllm() is not None):
        return ServedEndpoint(policy, settings, out / "adapters")
    return LocalEndpoint(policy, settings)
