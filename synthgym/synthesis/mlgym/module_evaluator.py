"""The `evaluate.py` of a module that was exported: plays it as synthgym does, and prints the score as JSON.

Exported as its own file (see `synthgym.synthesis.mlgym.standalone`), with the calls between scorer and module in it.
The challenge's scorer and the submission run in a process each, with the same programs as in synthgym's sandboxes, but
without the sandboxes: nothing keeps the submission from the hidden instances.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

from synthgym.base.errors import BadSubmission, FailedInPlay, GraderError
from synthgym.base.seeds import secret_of
from synthgym.envs.grading.lots import Lots
from synthgym.envs.grading.module_calls import Player, Scorer
from synthgym.envs.sandboxes.base import Reply

_SIZE = struct.Struct(">I")
_CPU_SECONDS = 60
_WALL_SECONDS = 240
"""Wall-clock limit of an evaluation."""


def evaluate_module(folder: Path, submission: Path, path: str, metric: str, most_bytes: int, key: str) -> None:
    """Plays the submission on the instances of the final half.

    A score is the only thing that is printed: whoever calls reads all of it as JSON. What is wrong with a submission is
    printed as text, which is no JSON, and the exit code is 1.

    Args:
        folder: Holds the challenge's `evaluate.py`, its `private/` instances, and the programs in `tools/`.
        submission: The file.
        path: What it is called in the workspace.
        metric: Name of what is measured.
        most_bytes: How large it may be.
        key: Hash of the challenge's data, from which lots are drawn.
    """
    try:
        if not submission.is_file():
            raise BadSubmission(f"no file {path!r} in the workspace")
        if submission.stat().st_size > most_bytes:
            raise BadSubmission(f"{path!r} is larger than the {most_bytes} bytes allowed")
        with tempfile.TemporaryDirectory() as alone:
            copy = Path(alone, path)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(submission, copy)
            score = _play(folder, Path(alone), path, key)
    except (BadSubmission, GraderError) as error:
        print(error)
        sys.exit(1)
    print(json.dumps({metric: score}))


def _play(folder: Path, alone: Path, path: str, key: str) -> float:
    player = Player(path, Lots(key, "final", "0", (alone / path).read_bytes()))
    secret = secret_of("evaluate", (folder / "evaluate.py").read_bytes(), key, "final", "0")
    scorer = Scorer(player)
    failures: list[Exception] = []

    def answer(request: bytes) -> Reply:
        try:
            return scorer.answer(request)
        except Exception as error:
            failures.append(error)
            return Reply(stop=True)

    tools = folder / "tools"
    hidden = {"PRIVATE": str(folder / "private"), "PYTHONPATH": str(tools)}
    hidden |= {"PHASE": "final", "SEED": "0", "SECRET": secret}
    with (
        tempfile.TemporaryFile() as printed,
        _Program(["-I", str(tools / "module_runner.py"), path], alone, player.next_call) as module,
        _Program(["evaluate.py"], folder, answer, hidden, printed) as scoring,
    ):
        threading.Thread(target=_tell_end, args=(module, player), daemon=True).start()
        try:
            scoring.process.wait(_WALL_SECONDS)
        except subprocess.TimeoutExpired:
            raise GraderError(f"the evaluation took longer than {_WALL_SECONDS} seconds") from None
        finally:
            player.calls.put(None)
        printed.seek(0)
        said = printed.read().decode("utf-8", "replace")
    if failures:
        raise failures[0]
    if scorer.refused:
        raise scorer.refused
    if scorer.score is None:
        raise GraderError(f"the scorer gave no score: {said[-1500:].strip()}")
    return scorer.score.value


def _tell_end(module: _Program, player: Player) -> None:
    """The end of the module's process is the answer to any call after it."""
    code = module.process.wait()
    player.answers.put(FailedInPlay(f"{player.path}: its process ended during play (exit code {code})", "ended"))


class _Program:
    """A Python program in a process of its own, and a socket where its requests are answered while it is entered."""

    process: subprocess.Popen[bytes]

    def __init__(
        self,
        arguments: list[str],
        folder: Path,
        handler: Callable[[bytes], Reply],
        environment: dict[str, str] | None = None,
        output: IO[bytes] | None = None,
    ) -> None:
        self.command = [sys.executable, *arguments]
        self.folder = folder
        self.handler = handler
        self.output = output
        channel = f"synthgym-{os.urandom(16).hex()}"
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind("\0" + channel)
        self.listener.listen(1)
        # Little of what is around: a module should play the same in every shell.
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
        fixed = {"SYNTHGYM_CHANNEL": channel, "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        self.environment = {**kept, **fixed, **(environment or {})}

    def __enter__(self) -> _Program:
        self.process = subprocess.Popen(
            self.command,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=self.output or subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        resource.prlimit(self.process.pid, resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._kill()
        self.process.wait()
        self.listener.close()

    def _serve(self) -> None:
        try:
            with self.listener.accept()[0] as connection:
                while True:
                    request = _exactly(connection, _SIZE.unpack(_exactly(connection, _SIZE.size))[0])
                    reply = self.handler(request)
                    if reply.stop:
                        self._kill()
                        return
                    connection.sendall(_SIZE.pack(len(reply.data)) + reply.data)
        except OSError:  # the process is gone, which whoever waits for it learns
            return

    def _kill(self) -> None:
        """Ends the process, and what it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def _exactly(connection: socket.socket, count: int) -> bytes:
    parts = []
    while count:
        part = connection.recv(min(count, 1 << 20))
        if not part:
            raise OSError("the process has closed its connection")
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
