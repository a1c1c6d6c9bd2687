"""For `evaluate.py`: calls the submitted module through the host, and reports the score.

Example:
    >>> from synthgym_grader import Module, write_result
    >>> module = Module(function="choose", history=2)
    >>> module.reset(n=100, seed=0)
    >>> moves = module.act([{}] * 100)
    >>> write_result(score=1.5, sd=0.02)
"""

import json
import os
import socket
import struct
from typing import Any

_LENGTH = struct.Struct(">I")
_connection: socket.socket | None = None


def _exactly(connection: socket.socket, count: int) -> bytes:
    parts = []
    while count:
        part = connection.recv(min(count, 1 << 20))
        if not part:
            raise RuntimeError("the host has closed the channel")
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _ask(message: dict[str, Any]) -> Any:
    global _connection
    if _connection is None:
        _connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        _connection.connect("\0" + os.environ["SYNTHGYM_CHANNEL"])
    data = json.dumps(message).encode()
    _connection.sendall(_LENGTH.pack(len(data)) + data)
    return json.loads(_exactly(_connection, _LENGTH.unpack(_exactly(_connection, _LENGTH.size))[0]))


class Module:
    """The submitted module, played by any number of independent players at once."""

    def __init__(self, function: str, history: int = 0) -> None:
        """Loads it.

        Args:
            function: Name of the function that every call goes to.
            history: With 0, each player's input is the list of the function's arguments. With k > 0 the function gets
                k lists that grow: an input ``{"append": [x1, …, xk]}`` adds one entry to each before the call.
        """
        _ask({"op": "open", "function": function, "history": history})

    def reset(self, n: int, seed: int) -> None:
        """Makes `n` players without a past, and seeds the module's `random`."""
        _ask({"op": "reset", "n": n, "seed": seed})

    def act(self, inputs: list[Any]) -> list[Any]:
        """One call for each player; gives the list of their answers (text, numbers, booleans or None)."""
        outputs: list[Any] = _ask({"op": "act", "inputs": inputs})["outputs"]
        return outputs

    def reject(self, why: str) -> None:
        """Ends the evaluation: the submission is bad, and the agent is told why."""
        reject(why)


def reject(why: str) -> None:
    """Ends the evaluation: the submission is bad, and the agent is told why."""
    _ask({"op": "reject", "why": why})


def write_result(score: float, sd: float | None = None) -> None:
    """Reports the score and, where known, its standard deviation."""
    _ask({"op": "result", "score": score, "sd": sd})
