"""Runs in the module sandbox: loads the submitted file and answers the scorer's calls, one batch at a time.

It shares its process with the submission, so nothing it holds is secret and nothing it says is trusted: the host
checks every answer. Started as ``python -I module_runner.py PATH``.
"""

import importlib.util
import json
import os
import random
import socket
import struct
import sys
import traceback
from typing import Any

LENGTH = struct.Struct(">I")


def exactly(connection: socket.socket, count: int) -> bytes:
    parts = []
    while count:
        part = connection.recv(min(count, 1 << 20))
        if not part:
            os._exit(0)
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def ask(connection: socket.socket, data: bytes) -> dict[str, Any]:
    """Sends the last answer and waits for the next call."""
    connection.sendall(LENGTH.pack(len(data)) + data)
    call: dict[str, Any] = json.loads(exactly(connection, LENGTH.unpack(exactly(connection, LENGTH.size))[0]))
    return call


class Player:
    """The submitted function, and for each player what it has been told so far."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.function: Any = None
        self.columns = 0
        self.histories: list[list[list[Any]]] = []

    def load(self, name: str) -> None:
        sys.path.insert(0, os.path.dirname(os.path.abspath(self.path)))
        spec = importlib.util.spec_from_file_location("submission", self.path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules["submission"] = module
        spec.loader.exec_module(module)
        self.function = getattr(module, name, None)
        if not callable(self.function):
            raise AttributeError(f"expected a function {name!r} in {self.path}, found none")

    def do(self, call: dict[str, Any]) -> list[Any]:
        if call["op"] == "open":
            self.columns = call["history"]
            self.load(call["function"])
        elif call["op"] == "reset":
            random.seed(call["seed"])
            if "numpy" in sys.modules:
                sys.modules["numpy"].random.seed(call["seed"] % 2**32)
            self.histories = [[[] for _ in range(self.columns)] for _ in range(call["n"])]
        else:
            return [self.act(index, given) for index, given in enumerate(call["inputs"])]
        return []

    def act(self, index: int, given: Any) -> Any:
        if not self.columns:
            return plain(self.function(*given))
        history = self.histories[index]
        for column, value in zip(history, given.get("append", ()), strict=False):
            column.append(value)
        return plain(self.function(*history))


def plain(value: Any) -> Any:
    """numpy's numbers and text as Python's own."""
    return value.item() if hasattr(value, "item") else value


def main() -> None:
    player = Player(sys.argv[1])
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.connect("\0" + os.environ["SYNTHGYM_CHANNEL"])
        answer = b'{"outputs": []}'
        while True:
            call = ask(connection, answer)
            try:
                answer = json.dumps({"outputs": player.do(call)}).encode()
            except BaseException as error:
                lines = traceback.format_exception_only(error)
                place = traceback.extract_tb(error.__traceback__)
                where = f" (line {place[-1].lineno} of {os.path.basename(place[-1].filename)})" if place else ""
                answer = json.dumps({"error": "".join(lines).strip()[-600:] + where}).encode()


main()
