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

LENGTH = struct.Struct(">I")


def exactly(connection, count):
    parts = []
    while count:
        part = connection.recv(min(count, 1 << 20))
        if not part:
            os._exit(0)
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def ask(connection, answer):
    """Sends the last answer and waits for the next call."""
    data = json.dumps(answer).encode()
    connection.sendall(LENGTH.pack(len(data)) + data)
    return json.loads(exactly(connection, LENGTH.unpack(exactly(connection, LENGTH.size))[0]))


class Player:
    """The submitted function, and for each player what it has been told so far."""

    def __init__(self, path):
        self.path = path
        self.function = None
        self.columns = 0
        self.histories = []

    def load(self, name):
        sys.path.insert(0, os.path.dirname(os.path.abspath(self.path)))
        spec = importlib.util.spec_from_file_location("submission", self.path)
        module = importlib.util.module_from_spec(spec)
        sys.modules["submission"] = module
        spec.loader.exec_module(module)
        self.function = getattr(module, name, None)
        if not callable(self.function):
            raise AttributeError(f"expected a function {name!r} in {self.path}, found none")

    def do(self, call):
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

    def act(self, index, given):
        if not self.columns:
            return plain(self.function(*given))
        history = self.histories[index]
        for column, value in zip(history, given.get("append", ()), strict=False):
            column.append(value)
        return plain(self.function(*history))


def plain(value):
    """numpy's numbers and text as Python's own."""
    return value.item() if hasattr(value, "item") else value


def main():
    player = Player(sys.argv[1])
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.connect("\0" + os.environ["SYNTHGYM_CHANNEL"])
        answer = {"outputs": []}
        while True:
            call = ask(connection, answer)
            try:
                answer = {"outputs": player.do(call)}
                json.dumps(answer)
            except BaseException as error:
                lines = traceback.format_exception_only(error)
                place = traceback.extract_tb(error.__traceback__)
                where = f" (line {place[-1].lineno} of {os.path.basename(place[-1].filename)})" if place else ""
                answer = {"error": "".join(lines).strip()[-600:] + where}


main()
