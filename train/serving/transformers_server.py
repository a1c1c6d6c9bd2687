"""Serving a student: `transformers serve` on this machine, as the OpenAI-compatible endpoint that `ChatAgent` talks to.

The server listens on the loopback interface only, takes nothing from the network, and ends with the block, or with the
process that started it, however that ends. It answers one request after the other, with a fixed number of threads: an
answer without sampling does not depend on what else is asked, as it does where requests are batched as they come.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO

from synthgym.base.errors import MissingDependencyError, ModelError, UserError
from synthgym.train.extra import needs_train

HOST = "127.0.0.1"
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Endpoint:
    """A running server.

    Attributes:
        base_url: For an OpenAI client.
        model: The name to ask for.
    """

    base_url: str
    model: str

    @property
    def spec(self) -> str:
        """The server as an agent: what `synthgym rollout` and `synthgym benchmark` take."""
        return f"chat:{self.model}@{self.base_url}"


@contextlib.contextmanager
def serve(
    folder: str | Path, port: int | None = None, *, threads: int = 1, device: str = "cpu", timeout: float = 120.0
) -> Iterator[Endpoint]:
    """Serves the model in a folder while the block runs.

    Args:
        folder: A student, as `save_student` or `sft` leaves it.
        port: Of the loopback interface; a free one by default.
        threads: CPU threads of the server. A small model is fastest with one.
        device: Where it runs, as torch names it.
        timeout: Seconds to wait until it is ready.

    Raises:
        UserError: There is no model in the folder, or the port is taken.
        MissingDependencyError: The extra `train` is not installed.
        ModelError: The server did not come up; holds the end of what it printed.

    Example:
        >>> with serve("runs/student") as endpoint:
        ...     agent = ChatAgent(endpoint.model, endpoint.base_url)
    """
    _needs_serving()
    place = Path(folder).absolute()
    if not (place / "config.json").is_file():
        raise UserError(f"{folder}: expected the folder of a saved model (with a config.json)")
    port = _free_port(port)
    with tempfile.TemporaryDirectory(prefix="synthgym-serve-") as scratch:
        log = Path(scratch) / "log"
        with log.open("wb") as output:
            process = _start(place, port, threads, device, Path(scratch), output)
        try:
            _wait(process, port, timeout, log)
            yield Endpoint(f"http://{HOST}:{port}/v1", str(place))
        finally:
            _stop(process)


def _needs_serving() -> None:
    needs_train()
    missing = [package for package in ("fastapi", "uvicorn") if find_spec(package) is None]
    if missing:
        raise MissingDependencyError(
            f"serving needs {', '.join(missing)}, not installed here; get them with: pip install 'synthgym[train]'"
        )


def _free_port(port: int | None) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port or 0))
        except OSError as error:
            raise UserError(f"port {port} cannot be used ({error.strerror}); leave it out to get a free one") from error
        return int(probe.getsockname()[1])


def _start(
    folder: Path, port: int, threads: int, device: str, scratch: Path, output: BinaryIO
) -> subprocess.Popen[bytes]:
    cache = scratch / "hub"
    cache.mkdir()
    environment = os.environ | {
        "HF_HUB_OFFLINE": "1",
        "HF_HUB_CACHE": str(cache),
        "OMP_NUM_THREADS": str(threads),
        "MKL_NUM_THREADS": str(threads),
        "TOKENIZERS_PARALLELISM": "false",
    }
    command = [sys.executable, "-m", "transformers.cli.transformers", "serve", str(folder)]
    command += ["--host", HOST, "--port", str(port), "--device", device, "--log-level", "error"]
    libc = ctypes.CDLL(None)

    def with_parent() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=environment,
        cwd=scratch,
        start_new_session=True,
        preexec_fn=with_parent,
    )


def _wait(process: subprocess.Popen[bytes], port: int, timeout: float, log: Path) -> None:
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ModelError(f"the model server ended with code {process.returncode}; it printed:\n{_tail(log)}")
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise ModelError(f"the model server was not ready within {timeout:g} s; it printed:\n{_tail(log)}")


def _tail(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-1500:].strip() or "(nothing)"


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
