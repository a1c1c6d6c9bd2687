"""What the tests of `synthgym.train.trl` share: a tiny model, a registered challenge, scripts that play a model."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import challenges
import gymnasium as gym
import pytest
import tiny_model
from env_fixtures import needs

import synthgym
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.sandboxes.docker.pool import idle

LINE = "trl-tests/line-v0"
IMPROVE = "sed -i 's/KEEP = 1/KEEP = 3/' train.py && python train.py && validate"
"""What makes the starter as good as the reference."""

PARTS = str(Path(__file__).parent / "agents" / "parts")
if PARTS not in sys.path:
    sys.path.insert(0, PARTS)


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The id of a challenge."""
    needs("bubblewrap")
    folder = tmp_path_factory.mktemp("trl")
    (folder / "collection.yaml").write_text("namespace: trl-tests\ntitle: Tests\n")
    challenges.write_table(folder)
    challenges.write_game(folder)
    names = synthgym.register(folder)
    yield LINE
    for name in names:
        del gym.registry[name]


def damaged_challenge(parent: Path) -> Iterator[str]:
    """The id of a challenge whose folder was damaged after it was registered, while that is so."""
    folder = parent / "damaged"
    folder.mkdir()
    (folder / "collection.yaml").write_text("namespace: trl-damaged\ntitle: Tests\n")
    challenges.write_table(folder)
    (name,) = synthgym.register(folder)
    (folder / "line" / "challenge.yaml").write_text("{")
    yield name
    del gym.registry[name]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder of a tiny model that calls tools as Qwen3 does."""
    return str(tiny_model.write(tmp_path_factory.mktemp("model")))


def config(folder: Path, **settings: Any) -> Any:
    """Two steps of four generations."""
    from trl import GRPOConfig

    few: dict[str, Any] = {
        "num_generations": 4,
        "per_device_train_batch_size": 4,
        "max_completion_length": 6000,
        "max_steps": 2,
        "learning_rate": 1e-2,
    }
    quiet = {"report_to": "none", "use_cpu": True, "logging_steps": 1, "save_strategy": "no", "seed": 0}
    return GRPOConfig(str(folder), **{**few, **quiet, **settings})


def call(tool: str, **arguments: Any) -> str:
    """A tool call as Qwen3 writes it."""
    return f"<tool_call>\n{json.dumps({'name': tool, 'arguments': arguments})}\n</tool_call>"


def fenced(command: str) -> str:
    """A command as `ChatAgent` reads it."""
    return f"Next.\n```bash\n{command}\n```"


Reply = Callable[[int, int], str | list[int]]
"""What is said, as text or in tokens: by which sample of the batch, and the number of its reply."""


class Script:
    """Samples for a trainer what is written here; all else is the trainer's own.

    The samples of a batch are told apart by what they were shown: a prompt goes on from what was said before.

    Attributes:
        said: Of the last batch, each sample's replies in tokens.
    """

    def __init__(self, trainer: Any, reply: Reply) -> None:
        self._tokenizer, self._reply = trainer._tokenizer, reply
        self._shown: list[list[int]] = []
        self.said: list[list[list[int]]] = []
        trainer._generate_single_turn = self._sample

    def _sample(self, prompts: list[list[int]], images: Any, fields: Any, num_generations: int, **_: Any) -> Any:
        whose: list[int | None] = []
        for prompt in prompts:
            taken = [each for each in range(len(self._shown)) if each not in whose]
            whose.append(next((each for each in taken if self._begins(prompt, each)), None))
        if all(each is None for each in whose):
            self._shown, self.said = [[] for _ in prompts], [[] for _ in prompts]
        answers = []
        for each, prompt in zip(whose, prompts, strict=True):
            sample = min(set(range(len(self.said))) - set(whose)) if each is None else each
            if each is None:  # it begins
                self.said[sample] = []
                whose[whose.index(None)] = sample
            said = self._reply(sample, len(self.said[sample]))
            ids = said if isinstance(said, list) else self._ids(said)
            self.said[sample].append(ids)
            self._shown[sample] = [*prompt, *ids]
            answers.append(list(ids))
        return answers, None

    def _begins(self, prompt: list[int], sample: int) -> bool:
        shown = self._shown[sample]
        return bool(shown) and prompt[: len(shown)] == shown

    def _ids(self, text: str) -> list[int]:
        return [*self._tokenizer(text, add_special_tokens=False)["input_ids"], self._tokenizer.eos_token_id]


def kill_sandbox(env: Any) -> None:
    """Kills the processes of an environment's sandbox, as the host may, and waits until they are gone."""
    inner = env.unwrapped
    assert isinstance(inner, ChallengeEnv)
    process = inner._box._link.connection.process  # type: ignore[union-attr]
    for pid in [*owned_by(process.pid), process.pid]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait(20)


def owned_by(pid: int) -> set[int]:
    """Processes below `pid`."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError):
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    found = {pid}
    while new := {child for child, parent in parents.items() if parent in found} - found:
        found |= new
    return found - {pid}


def left_over(before: set[int], seconds: float = 5) -> set[int]:
    """Processes of this one's that were not there before, once all had time to end; spare sandboxes are none."""
    idle.close()
    deadline = time.monotonic() + seconds
    while (left := owned_by(os.getpid()) - before) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left
