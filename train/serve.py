"""Serves a student: `transformers serve` on loopback, for as long as a ``with`` block lasts."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from synthgym.base.errors import ModelError, UserError
from synthgym.train.extra import needs_train

_START_SECONDS = 180.0

# The server's parent may be killed: `transformers serve` would live on. This program ends it when its own input closes,
# which the system sees to however the parent ends.
_GUARD = """
import os, signal, subprocess, sys, threading
server = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
def watch():
    sys.stdin.buffer.read()
    server.terminate()
    try:
        server.wait(5)
    except subprocess.TimeoutExpired:
        server.kill()
    os._exit(0)
threading.Thread(target=watch, daemon=True).start()
signal.signal(signal.SIGINT, signal.SIG_IGN)
sys.exit(server.wait())
"""


@dataclass(frozen=True)
class Server:
    """A running server.

    Attributes:
        model: Name to ask for.
        base_url: The endpoint, ending in ``/v1``.
        context: Tokens the model can take.
        max_tokens: Longest reply asked for.
    """

    model: str
    base_url: str
    context: int
    max_tokens: int

    @property
    def agent_spec(self) -> str:
        """A spec of the agent that this model is, greedy: see `synthgym.agents.specs`."""
        return f"chat:{self.model}@{self.base_url}?temperature=0&max_tokens={self.max_tokens}&context={self.context}"


@contextlib.contextmanager
def serve(folder: Path, *, max_tokens: int = 256, threads: int = 1) -> Iterator[Server]:
    """Serves the model in `folder` with an OpenAI-compatible endpoint on a free port of the loopback.

    Args:
        folder: A saved model with its tokenizer and chat template.
        max_tokens: For the agent spec.
        threads: Of torch; a small model is no faster with more, and two replies can then be made at once.

    Raises:
        UserError: There is no model in `folder`.
        MissingDependencyError: The extra `train` is not installed.
        ModelError: The server did not start; ends with what it said.
    """
    needs_train()
    from transformers import AutoConfig

    folder = folder.absolute()
    if not (folder / "config.json").is_file():
        raise UserError(f"{folder}: no model there (no config.json); expected a folder that training wrote")
    context = int(AutoConfig.from_pretrained(folder).max_position_embeddings)
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="synthgym-serve-") as scratch:
        log = Path(scratch) / "log"
        with log.open("wb") as output:
            process = _launch(folder, port, Path(scratch), threads, output.fileno())
        try:
            _wait(process, port, log)
            yield Server(str(folder), f"http://127.0.0.1:{port}/v1", context, max_tokens)
        finally:
            assert process.stdin
            process.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _launch(folder: Path, port: int, scratch: Path, threads: int, output: int) -> subprocess.Popen[bytes]:
    hub = scratch / "hub"  # the server lists what is cached, and fails without a folder
    hub.mkdir()
    program = "from transformers.cli.transformers import main; main()"
    command = [sys.executable, "-c", program, "serve", str(folder), "--host", "127.0.0.1"]
    command += ["--port", str(port), "--device", "cpu", "--log-level", "warning"]
    environment = os.environ | {
        "HF_HUB_CACHE": str(hub),
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "OMP_NUM_THREADS": str(threads),
        "TOKENIZERS_PARALLELISM": "false",
    }
    return subprocess.Popen(
        [sys.executable, "-c", _GUARD, *command],
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=output,
        env=environment,
        start_new_session=True,
    )


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ModelError(f"the model's server ended as it started: {_tail(log)}")
        with (
            contextlib.suppress(urllib.error.URLError, OSError),
            opener.open(f"http://127.0.0.1:{port}/health", timeout=2),
        ):
            return
        time.sleep(0.1)
    raise ModelError(f"the model's server did not start within {_START_SECONDS:g} s: {_tail(log)}")


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-1500:].strip()
