"""A server's process: started on a port of the loopback interface, waited for, looked after, ended."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from synthgym.agents.endpoint.keys import KEY_VARIABLE, KEYS_VARIABLE
from synthgym.base.errors import UserError
from synthgym.base.files.outputs import check_file, reported
from synthgym.train.serving.errors import NotEnoughMemory, ServerFailed

HOST = "127.0.0.1"
_KEEPER = Path(__file__).with_name("keeper.py")
_GRACE = 10.0
"""Seconds a server has to end by itself."""
_SHOWN = 1500
"""Characters of a log that an error shows, at most."""
_SECRETS = (KEY_VARIABLE, KEYS_VARIABLE, "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")
"""Variables that no server of ours needs."""
_NO_MEMORY = re.compile(
    r"out of memory|cannot allocate memory|can't allocate memory|MemoryError|not enough memory|Killed"
    r"|larger than (?:the )?available KV cache|No available memory for the cache blocks"
    r"|less than desired (?:GPU|CPU) memory|exceeds? (?:the )?available memory|is not enough",
    re.I,
)


direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Past all proxies, which know nothing of this machine's own servers."""


@dataclass(frozen=True)
class Launch:
    """How a server is started.

    Attributes:
        command: Listens on `port` of the loopback interface.
        port: As in the command.
        variables: For its environment, over those of this process.
        hidden: Variables of this process that it does not get.
        room: What to change where there is too little memory, in words.
    """

    command: list[str]
    port: int
    variables: dict[str, str] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    room: str = "free some, or take a smaller model"


class ServerProcess:
    """A server that is running, or was.

    Args:
        launch: How to start it.
        scratch: A folder of its own, which it works in.
        log: What it prints is added to this file.
    """

    def __init__(self, launch: Launch, scratch: Path, log: Path) -> None:
        self.launch, self.log = launch, log
        check_file(log)
        hidden = (*_SECRETS, *launch.hidden)
        environment = {name: value for name, value in os.environ.items() if name not in hidden}
        keeper = [sys.executable, "-ES", str(_KEEPER), str(os.getpid()), str(_GRACE), str(scratch), *launch.command]
        with reported(log):
            output = log.open("ab")
        with output:
            self._begin = output.tell()
            self._process = subprocess.Popen(
                keeper,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment | launch.variables,
                cwd=scratch,
                start_new_session=True,  # a Ctrl-C of the terminal is for us, who end it in order
            )

    def alive(self) -> bool:
        """Whether it is still running."""
        return self._process.poll() is None

    def wait_until_ready(self, timeout: float) -> None:
        """Waits until it answers.

        Raises:
            NotEnoughMemory: It ended for want of it.
            ServerFailed: It ended otherwise, or is not ready in time.
        """
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if not self.alive():
                raise self.failure()
            if self.answers() and self.alive():  # and it is not somebody else on a port that was taken meanwhile
                return
            time.sleep(0.1)
        raise ServerFailed(f"the model server was not ready within {timeout:g} s; it printed:\n{self.tail()}")

    def answers(self) -> bool:
        """Whether somebody answers on its port."""
        try:
            with direct.open(f"http://{HOST}:{self.launch.port}/health", timeout=2) as answer:
                return int(answer.status) == 200
        except (urllib.error.URLError, OSError):
            return False

    def failure(self) -> ServerFailed:
        """Why it is gone."""
        code = self._process.wait()
        said = self.printed()
        if code == 137 or _NO_MEMORY.search(said):
            return NotEnoughMemory(
                f"the model server ended with code {code}: not enough memory; {self.launch.room}. It printed:\n"
                f"{self.tail()}"
            )
        return ServerFailed(f"the model server ended with code {code}; it printed:\n{self.tail()}")

    def printed(self) -> str:
        """What it printed so far."""
        with self.log.open("rb") as file:
            file.seek(self._begin)
            return file.read().decode(errors="replace")

    def tail(self) -> str:
        """The end of what it printed."""
        return self.printed()[-_SHOWN:].strip() or "(nothing)"

    def stop(self) -> None:
        """Ends it, and all that it started."""
        assert self._process.stdin
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(2 * _GRACE + 5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def free_port(port: int | None) -> int:
    """The port, or a free one.

    Raises:
        UserError: It is taken.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port or 0))
        except OSError as error:
            raise UserError(f"port {port} cannot be used ({error.strerror}); leave it out to get a free one") from error
        return int(probe.getsockname()[1])
