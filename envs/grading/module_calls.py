"""The calls that a scorer makes of a submitted module, and what either may say; whatever their processes run in."""

from __future__ import annotations

import contextlib
import json
import queue
import time
from typing import Any

from synthgym.base.errors import FailedInPlay, GraderError
from synthgym.base.json_reading import parse_json, parse_object
from synthgym.envs.grading.lots import Lots
from synthgym.envs.grading.scoring import Score, is_number, is_score
from synthgym.envs.sandboxes.base import Reply

CALL_SECONDS = 10.0
"""Wall-clock limit of one batched call."""

MOST_WORDS = 240
"""Characters that a validation tells of how a submission failed: what it says there may be of what it saw."""

_CALLS = ("open", "reset", "act")
_MOST_NUMBER = 2.0**63


class Player:
    """The submitted module, whose runner (`synthgym.envs.tools.module_runner`) waits for calls.

    Two threads meet here: the scorer's, which makes a call and waits for its answer; and the one that serves the
    runner, which asks for its next call by answering the last. Who starts the runner puts what ended it, too, among
    the `answers`.

    The scorer's players are asked in an order that is drawn here, and the module's seed is not the scorer's.

    Args:
        path: What the submission is called in errors.
        lots: What this grading draws by lot.

    Attributes:
        calls: For the runner; None ends it.
        answers: Of the runner; the first is «ready».
        seconds: How long the scorer has waited for the module, wall-clock.
    """

    def __init__(self, path: str, lots: Lots) -> None:
        self.path = path
        self.calls: queue.Queue[bytes | None] = queue.Queue()
        self.answers: queue.Queue[bytes | Exception] = queue.Queue()
        self.seconds = 0.0
        self._lots = lots
        self._ready = False
        self._remembers = False
        self._order: list[int] = []

    def next_call(self, answer: bytes) -> Reply:
        """Takes the runner's answer to its last call, waits for the next, and gives it."""
        self.answers.put(answer)
        call = self.calls.get()
        return Reply(stop=True) if call is None else Reply(call)

    def call(self, message: dict[str, Any]) -> bytes:
        """Passes one call on and gives back its checked answer, as JSON.

        Raises:
            FailedInPlay: The module raised, ended its process, took too long, or answered what is no answer.
            GraderError: The scorer asks for what cannot be.
        """
        began = time.monotonic()
        try:
            if not self._ready:
                self._take()
                self._ready = True
            if message["op"] == "act":
                return json.dumps({"outputs": self._act(message["inputs"])}).encode()
            if message["op"] == "open":
                self._remembers = bool(message["history"])
            else:
                self._order = self._lots.order(message["n"])
                message = {**message, "seed": self._lots.seed()}
            self._outputs(message)
            return b"{}"
        finally:
            self.seconds += time.monotonic() - began

    def _act(self, inputs: list[Any]) -> list[Any]:
        """Asks one after the other in the order that was drawn: for players with a past once, else for each call."""
        order = self._order if self._remembers else self._lots.order(len(inputs))
        if len(order) != len(inputs):
            raise GraderError(f"evaluate.py: expected an input for each of {len(order)} players, got {len(inputs)}")
        outputs = self._outputs({"op": "act", "inputs": [inputs[player] for player in order]})
        expected = len(inputs)
        if len(outputs) != expected or not all(_scalar(output) for output in outputs):
            raise self._no_answer()
        found: list[Any] = [None] * expected
        for player, output in zip(order, outputs, strict=True):
            found[player] = output
        return found

    def _outputs(self, message: dict[str, Any]) -> list[Any]:
        """What the runner says to one call."""
        self.calls.put(json.dumps(message).encode())
        answer = self._take()
        with contextlib.suppress(ValueError):
            said = parse_json(answer, finite=False)
            if isinstance(said, dict) and "error" in said:
                raise FailedInPlay(f"{self.path}: {_end_of(str(said['error']))}", "raised")
            if isinstance(said, dict) and isinstance(outputs := said.get("outputs"), list):
                return outputs
        raise self._no_answer()

    def _no_answer(self) -> FailedInPlay:
        text = f"{self.path}: what came back from a call is not one short answer for each player"
        return FailedInPlay(text, "answer")

    def _take(self) -> bytes:
        try:
            answer = self.answers.get(timeout=CALL_SECONDS)
        except queue.Empty:
            raise FailedInPlay(f"{self.path}: a call took longer than {CALL_SECONDS:g} seconds", "time") from None
        if isinstance(answer, Exception):
            raise answer
        return answer


def _end_of(text: str) -> str:
    """The end of what the module says, where its exception and the line are."""
    return text if len(text) <= MOST_WORDS else f"…{text[1 - MOST_WORDS :]}"


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
                self.score = self._score(message["score"], message.get("sd"))
                return Reply(b"{}")
            if operation == "reject":
                self.refused = FailedInPlay(f"{self.player.path}: {str(message['why'])[:MOST_WORDS]}", "answer")
                return Reply(stop=True)
            if operation not in _CALLS:
                raise KeyError(operation)
            return Reply(self.player.call(message))
        except FailedInPlay as error:
            self.refused = error
            return Reply(stop=True)
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
            raise GraderError(f"evaluate.py sent a request that cannot be read: {error!r}") from error

    def _score(self, value: Any, sd: Any) -> Score:
        """What is no number is the scorer's fault, whatever was answered; how large one is follows from the answers."""
        odd = is_number(value) and not is_score(value)
        if odd or (is_number(sd) and not (is_score(sd) and sd >= 0)):
            raise FailedInPlay(f"{self.player.path}: no score is defined for its answers", "score")
        try:
            return Score(value, sd)
        except GraderError as error:
            raise GraderError(f"evaluate.py, write_result: {error}") from None
