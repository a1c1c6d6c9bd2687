"""No isolation: commands run as this user, on this machine, with its files and network.

For code you would run anyway, on machines that have nothing better; taken only when ``sandbox="local"`` is spelled out.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from synthgym.base.paths import remove_tree
from synthgym.envs.sandboxes.base import Setup
from synthgym.envs.sandboxes.runtime import runtime, write_commands
from synthgym.envs.sandboxes.supervised import PATH, THREAD_VARIABLES, SupervisedSandbox, launch


class LocalSandbox(SupervisedSandbox):
    """A temporary folder and a shell in it."""

    name = "local"

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self._folder: Path | None = None
        self._mark = b""

    def _launch(self, settings: dict[str, Any]) -> subprocess.Popen[bytes]:
        self._folder = folder = Path(tempfile.mkdtemp(prefix="synthgym-local-"))
        self._mark = f"SYNTHGYM_CHANNEL={settings['channel']}".encode()
        python, tools = runtime().python, runtime().root / "tools"
        commands = folder / "bin"
        write_commands(commands, str(python), str(tools))
        self.workspace = str(folder / "workspace")
        (folder / "tmp").mkdir()
        for inside, outside in self.setup.mounts.items():
            (folder / Path(inside).name).symlink_to(outside)
        settings |= {
            "workspace": self.workspace,
            "folder": str(folder),  # removed by the supervisor where this process cannot any more
            "files": str(self.setup.files) if self.setup.files else None,
            "env": {
                "PATH": f"{commands}:{python.parent}:/usr/local/bin:/usr/bin:/bin",
                "HOME": str(folder),
                "LANG": "C.UTF-8",
                "TERM": "dumb",
                "SYNTHGYM_TOOLS": str(tools),
                "TMPDIR": str(folder / "tmp"),
                **THREAD_VARIABLES,
                **{name: self._outside(value) for name, value in self.setup.env.items()},
            },
        }
        # The limit on processes counts every process of this user, the rest of the desktop included.
        del settings["rlimits"]["RLIMIT_NPROC"]
        return launch([str(python), "-IS", str(tools / "supervisor.pyc"), repr(settings)], env={"PATH": PATH})

    def _outside(self, value: str) -> str:
        """Where a mount is, for a variable that names one by its path inside."""
        return str(self.setup.mounts[value]) if value in self.setup.mounts else value

    def _kill(self, process: subprocess.Popen[bytes]) -> None:
        # Asked to end, the supervisor ends its descendants first; killed outright it could not.
        for number in (signal.SIGTERM, signal.SIGCONT):
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(number)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            super()._kill(process)
        if process.returncode != 0:
            self._kill_orphans()

    def _kill_orphans(self) -> None:
        """Ends what a killed supervisor left behind, known by the environment variable that it was started with."""
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if self._mark in (folder / "environ").read_bytes().split(b"\0"):
                    os.kill(int(folder.name), signal.SIGKILL)

    def _freed(self) -> None:
        if self._folder:
            remove_tree(self._folder)
            self._folder = None
