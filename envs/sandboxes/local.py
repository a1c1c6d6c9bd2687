"""No isolation: commands run as this user, on this machine, with its files and network.

For code you would run anyway, on machines that have nothing better; taken only when ``sandbox="local"`` is spelled out.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from synthgym.envs.sandboxes.base import Setup
from synthgym.envs.sandboxes.runtime import TOOLS, runtime, write_commands
from synthgym.envs.sandboxes.supervised import THREAD_VARIABLES, SupervisedSandbox


class LocalSandbox(SupervisedSandbox):
    """A temporary folder and a shell in it."""

    name = "local"

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self._folder: Path | None = None

    def _command(self, settings: dict[str, Any]) -> tuple[list[str], int | None]:
        self._folder = folder = Path(tempfile.mkdtemp(prefix="synthgym-local-"))
        python = runtime().python
        commands = folder / "bin"
        write_commands(commands, str(python), str(TOOLS))
        self.workspace = str(folder / "workspace")
        (folder / "tmp").mkdir()
        for inside, outside in self.setup.mounts.items():
            (folder / Path(inside).name).symlink_to(outside)
        settings |= {
            "workspace": self.workspace,
            "files": str(self.setup.files) if self.setup.files else None,
            "env": {
                "PATH": f"{commands}:{python.parent}:/usr/local/bin:/usr/bin:/bin",
                "HOME": str(folder),
                "LANG": "C.UTF-8",
                "TERM": "dumb",
                "SYNTHGYM_TOOLS": str(TOOLS),
                "TMPDIR": str(folder / "tmp"),
                **THREAD_VARIABLES,
                **{name: self._outside(value) for name, value in self.setup.env.items()},
            },
        }
        # The limit on processes counts every process of this user, the rest of the desktop included.
        del settings["rlimits"]["RLIMIT_NPROC"]
        return [str(python), "-IS", str(TOOLS / "supervisor.py"), repr(settings)], None

    def _outside(self, value: str) -> str:
        """Where a mount is, for a variable that names one by its path inside."""
        return str(self.setup.mounts[value]) if value in self.setup.mounts else value

    def _kill(self, process: subprocess.Popen[bytes]) -> None:
        # Asked to end, the supervisor ends its descendants first; killed outright it could not.
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            super()._kill(process)

    def _freed(self) -> None:
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
