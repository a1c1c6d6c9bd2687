"""Agents for tests, importable by name as a user's own would be."""

from __future__ import annotations

import random
import sys
from typing import Any


def quitter(observation: str, info: dict[str, Any]) -> str:
    """A function: sets a score, validates, submits."""
    return ["score 0.5", "validate", "submit"][info["step"]]


def raiser(observation: str, info: dict[str, Any]) -> str:
    raise ValueError("I am not well")


def exiter(observation: str, info: dict[str, Any]) -> str:
    sys.exit(3)


def mute(observation: str, info: dict[str, Any]) -> Any:
    return None


class Seeded:
    """A class with everything optional; its actions depend on its seed alone."""

    name = "seeded"

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.usage: dict[str, float] = {}
        self.content: str | None = None
        self.messages: list[dict[str, Any]] = []

    def reset(self, observation: str, info: dict[str, Any]) -> None:
        self.usage = {"prompt_tokens": 0}
        self.messages = [{"role": "user", "content": observation}]

    def __call__(self, observation: str, info: dict[str, Any]) -> str:
        self.usage["prompt_tokens"] += 10
        action = "submit" if info["scores"] else f"score {self.random.random():.3f} && validate"
        self.content = f"I try.\n```bash\n{action}\n```"
        return action


class Unconstructable:
    def __init__(self) -> None:
        raise RuntimeError("no licence")

    def __call__(self, observation: str, info: dict[str, Any]) -> str:
        return "submit"
