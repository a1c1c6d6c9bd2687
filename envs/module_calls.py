"""The calls that a scorer makes of a submitted module, and what either may say; whatever their processes run in."""

from __future__ import annotations

import contextlib
import json
import math
import queue
from typing import Any

from synthgym.base.errors import FailedInPlay, GraderError
from synthgym.base.json_reading import parse_json, parse_object
from synthgym.envs.sandboxes.base import Reply
from synthgym.envs.scoring import Score

CALL_SECONDS = 10.0
"""Wall-clock limit of one batched call."""

_CALLS = ("open", "reset", "act")
_MOST_NUMBER = 2.0**63


class Player:
    """The submitted module, whose runner (`synthgym.envs.tools.module_runner`) waits for calls.

    Two threads meet here: the scorer's, which makes a call and waits for its answer; and the one that serves the
    runner, which asks for its next call by answering the last. Who starts the runner puts what ended it, too, among
    the `answers`.

    Attributes:
        path: What the submission is called in errors.
        calls: For the runner; None ends it.
        answers: Of the runner; the first is «ready».
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.calls: queue.Queue[bytes | None] = queue.Queue()
        self.answers: queue.Queue[bytes | Exception] = queue.Queue()
        self._ready = False

    def next_call(self, answer: bytes) -> Reply:
        """Takes the runner's answer to its last call, waits for the next, and gives it."""
        self.answers.put(answer)
        call = self.calls.get()
        return Reply(stop=True) if call is None else Reply(call)

    def call(self, message: dict[str, Any]) -> bytes:
        """Passes one call on and gives back its checked answer, as JSON.

        Raises:
            FailedInPlay: The module raised, ended its process, took too long, or answered what is no answer.
        """
        if not self._ready:
            self._take()
            self._ready = True
        self.calls.put(json.dumps(message).encode())
        answer = self._take()
        expected = len(message["inputs"]) if message["op"] == "act" else None
        return self._checked(answer, expected)

    def _take(self) -> bytes:
        try:
            answer = self.answers.get(timeout=CALL_SECONDS)
        except queue.Empty:
            raise FailedInPlay(f"{self.path}: a call took longer than {CALL_SECONDS:g} seconds", "time") from None
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _checked(self, answer: bytes, expected: int | None) -> bytes:
        with contextlib.suppress(ValueError, RecursionError, KeyError, TypeError):
            message = parse_json(answer, finite=False)
            if "error" in message:
                raise FailedInPlay(f"{self.path}: {str(message['error'])[-800:]}", "raised")
            outputs = message["outputs"]
            if expected is None:
                return b"{}"
            if len(outputs) == expected and all(_scalar(output) for output in outputs):
                return json.dumps({"outputs": outputs}).encode()
        raise FailedInPlay(
            f"{self.path}: what came back from a call is not one short answer for each of {expected} players", "answer"
        )


def _scalar(value: object) -> bool:
    """Whether an answer is one that any scorer can count on: short text, a finite number of usual size, or None."""
    if isinstance(value, str):
        return len(value) <= 1000
    if isinstance(value, int | float):
        return abs(value) < _MOST_NUMBER
    return value is None


class Scorer:
    """Answers what `evaluate.py` asks through `synthgym_grader`.

    Attributes:
        score: What it gave, once it did.
        refused: Why the submission is bad, where it is.
    """

    def __init__(self, player: Player) -> None:
        self.player = player
        self.score: Score | None = None
        self.refused: FailedInPlay | None = None

    def answer(self, request: bytes) -> Reply:
        """The answer to one request.

        Raises:
            GraderError: The request is none that `synthgym_grader` makes.
        """
        try:
            message = parse_object(request, finite=False)
            operation = message["op"]
            if operation == "result":
                sd = message.get("sd")
                score = Score(float(message["score"]), None if sd is None else float(sd))
                if not math.isfinite(score.value):
                    raise FailedInPlay(f"{self.player.path}: no score is defined for its answers", "score")
                self.score = score
                return Reply(b"{}")
            if operation == "reject":
                self.refused = FailedInPlay(f"{self.player.path}: {str(message['why'])[:500]}", "answer")
                return Reply(stop=True)
            if operation not in _CALLS:
                raise KeyError(operation)
            return Reply(self.player.call(message))
        except FailedInPlay as error:
            self.refused = error
            return Reply(stop=True)
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
            raise GraderError(f"evaluate.py sent a request that cannot be read: {error!r}") from error
