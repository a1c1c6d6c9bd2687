"""The sandbox that submitted code runs in while an evaluator in another one calls it."""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from synthgym.base.errors import BadSubmission, PathTaken, SandboxError
from synthgym.base.files.paths import build_once, cache_dir
from synthgym.envs.sandboxes import open_sandbox
from synthgym.envs.sandboxes.base import Limits, Profile, Sandbox, Setup
from synthgym.envs.sandboxes.wire import INSIDE, Wire
from synthgym.envs.workspace import FORM, Prepared
from synthgym.registry.challenge import Challenge

WIRE = {"SYNTHGYM_WIRE": INSIDE}
"""Environment that tells programs in both sandboxes where their end of the line is."""

_PLAY = 'exec python -I "$SYNTHGYM_TOOLS"/{program}'
_LIMITS = Limits(cpu_seconds=1800, wall_seconds=3600, output_bytes=4000)


class RemotePlayer:
    """A sandbox with the starter's code, what was handed in over it, and a program that plays it. Entered while an
    evaluation lasts; the evaluator's sandbox is shown its end of the line by `connect`.

    Args:
        challenge: The challenge.
        prepared: The same, made ready.
        files: What was handed in, by path.
        program: A program of `synthgym.envs.tools`, with its arguments, as the shell reads them.
        sandbox: The backend.
        profile: The sandbox's limits.
    """

    def __init__(
        self,
        challenge: Challenge,
        prepared: Prepared,
        files: Mapping[str, bytes],
        program: str,
        sandbox: str,
        profile: Profile,
    ) -> None:
        self.files, self.program = files, program
        setup = Setup(profile, _player_files(prepared), env=WIRE, image=challenge.image)
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
            for path, data in self.files.items():
                lay_over(self.box, path, data)
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
            self.box.run(_PLAY.format(program=self.program), _LIMITS)


def lay_over(box: Sandbox, path: str, data: bytes) -> None:
    """Writes a file that was handed in over what the task has there.

    Raises:
        BadSubmission: A folder of that name is in the way, or a file where it needs a folder.
    """
    try:
        box.write(path, data)
    except PathTaken as error:
        raise BadSubmission(
            f"{path}: cannot be laid over the starter's files, which have something else there"
        ) from error


def _player_files(prepared: Prepared) -> Path:
    """The starter's code, without data: a module may import what lay beside it."""

    def build(folder: Path) -> None:
        left_out = shutil.ignore_patterns("__pycache__", "data")
        shutil.copytree(prepared.workspace, folder, ignore=left_out, dirs_exist_ok=True)

    return build_once(cache_dir("players") / f"{prepared.content_hash}-{FORM}", build)
