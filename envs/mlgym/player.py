"""The sandbox that a submitted module runs in while an evaluator in another one calls it."""

from __future__ import annotations

import contextlib
import shlex
import shutil
import threading
from dataclasses import replace
from pathlib import Path

from synthgym.base.errors import SandboxError
from synthgym.base.paths import build_once, cache_dir
from synthgym.envs.sandboxes import open_sandbox
from synthgym.envs.sandboxes.base import MODULE, Limits, Sandbox, Setup
from synthgym.envs.sandboxes.wire import INSIDE, Wire
from synthgym.envs.workspace import Prepared
from synthgym.registry.challenge import Challenge

WIRE = {"SYNTHGYM_WIRE": INSIDE}
"""Environment that tells programs in both sandboxes where their end of the line is."""

_PLAY = 'exec python -I "$SYNTHGYM_TOOLS/remote_player.py" {path} {seed}'
_LIMITS = Limits(cpu_seconds=1800, wall_seconds=3600, output_bytes=4000)


class RemotePlayer:
    """A module sandbox: the starter's code, the submission over it, and the program that plays it. Entered while an
    evaluation lasts; the evaluator's sandbox is shown its end of the line by `connect`.
    """

    def __init__(self, challenge: Challenge, prepared: Prepared, submission: bytes, sandbox: str, seed: int) -> None:
        self.path, self.submission, self.seed = challenge.submission.path, submission, seed
        setup = Setup(MODULE, _player_files(prepared), env=WIRE, image=challenge.image)
        self.box = open_sandbox(sandbox, setup)
        self._wire = Wire()
        self._thread = threading.Thread(target=self._run, name="synthgym-player", daemon=True)

    def connect(self, evaluator: Sandbox) -> None:
        """Gives a sandbox that is not started yet the other end."""
        evaluator.setup = self._with_end(evaluator, 0)

    def __enter__(self) -> RemotePlayer:
        self._wire.__enter__()
        try:
            self.box.setup = self._with_end(self.box, 1)
            self.box.start()
            self.box.write(self.path, self.submission)
        except BaseException:
            self.box.close()
            self._wire.__exit__()
            raise
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.box.close()
        self._thread.join()
        self._wire.__exit__()

    def _with_end(self, box: Sandbox, end: int) -> Setup:
        return replace(box.setup, mounts={INSIDE: self._wire.ends[end]}, env={**box.setup.env, **WIRE})

    def _run(self) -> None:
        # Closed at the end, or out of memory: whoever calls it learns that nobody answers.
        with contextlib.suppress(SandboxError):
            self.box.run(_PLAY.format(path=shlex.quote(self.path), seed=self.seed), _LIMITS)


def _player_files(prepared: Prepared) -> Path:
    """The starter's code, without data: a module may import what lay beside it."""

    def build(folder: Path) -> None:
        left_out = shutil.ignore_patterns("__pycache__", "data")
        shutil.copytree(prepared.workspace, folder, ignore=left_out, dirs_exist_ok=True)

    return build_once(cache_dir("players") / prepared.content_hash, build)
