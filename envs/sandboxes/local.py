"""No isolation: commands run as this user, on this machine, with its files and network.

For code you would run anyway, on machines that have nothing better; taken only when ``sandbox="local"`` is spelled out.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typing_extensions import override

from synthgym.base.files.paths import remove_tree
from synthgym.envs.sandboxes.backend import Finding
from synthgym.envs.sandboxes.base import Setup
from synthgym.envs.sandboxes.connection import PATH, ProcessConnection, launch
from synthgym.envs.sandboxes.owner import Owner, remove_folders_of_the_dead
from synthgym.envs.sandboxes.runtime import runtime
from synthgym.envs.sandboxes.supervised import SupervisedSandbox, environ, start_command
from synthgym.envs.tools.set_up import write_commands

FOLDER_PREFIX = "synthgym-local-"
"""Beginning of the names of these sandboxes' folders; the process id and the start of their owner follow."""

_MOST_LOOKS = 100


class LocalSandbox(SupervisedSandbox):
    """A temporary folder and a shell in it."""

    name = "local"
    limits_disk = False
    in_place = False  # what commands did to files outside the folder, or to the programs in it, would stay

    def __init__(self, setup: Setup, argument: str = "") -> None:
        runtime(setup.image)
        super().__init__(setup, argument)
        self._folder = Path()

    @override
    @classmethod
    def examine(cls) -> Iterator[Finding]:
        yield from ()  # it needs nothing

    @override
    @classmethod
    def cleanup(cls) -> dict[str, int]:
        return {"temporary folders": remove_folders_of_the_dead(FOLDER_PREFIX)}

    def _environ(self) -> dict[str, str]:
        folder, tree = self._folder, runtime(self.setup.image)
        path = f"{folder / 'bin'}:{tree.python.parent}:/usr/local/bin:/usr/bin:/bin"
        given = {name: self._outside(value) for name, value in self.setup.env.items()}
        return {**environ(path, str(folder), str(tree.root / "tools"), str(folder / "tmp"), self.setup.image), **given}

    def _launch(self, settings: dict[str, Any]) -> LocalConnection:
        me = Owner.me()
        self._folder = folder = Path(tempfile.mkdtemp(prefix=f"{FOLDER_PREFIX}{me.pid}-{me.started}-"))
        tree = runtime(self.setup.image)
        python, tools = tree.python, tree.root / "tools"
        self.workspace = str(folder / "workspace")
        settings |= {
            "workspace": self.workspace,
            "folder": str(folder),  # removed by the supervisor where this process cannot any more
            "filter": False,
        }
        # The limit on processes counts every process of this user, the rest of the desktop included.
        del settings["rlimits"]["RLIMIT_NPROC"]
        settings["pids"] = None
        try:
            write_commands(str(folder / "bin"), str(python), str(tools))
            (folder / "tmp").mkdir()
            for inside, outside in self.setup.mounts.items():
                (folder / Path(inside).name).symlink_to(outside)
            process = launch(start_command(str(python), str(tools), settings), env={"PATH": PATH})
        except BaseException:
            remove_tree(folder)
            raise
        return LocalConnection(process, folder, f"SYNTHGYM_CHANNEL={settings['channel']}".encode())

    def _outside(self, value: str) -> str:
        """Where a mount is, for a variable that names one by its path inside."""
        return str(self.setup.mounts[value]) if value in self.setup.mounts else value


class LocalConnection(ProcessConnection):
    """The supervisor, and the folder it works in."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path, mark: bytes) -> None:
        super().__init__(process)
        self._folder, self._mark = folder, mark

    @override
    def kill(self) -> None:
        # Asked to end, the supervisor ends its descendants first; killed outright it could not.
        for number in (signal.SIGTERM, signal.SIGCONT):
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(number)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            super().kill()
        if self.process.returncode != 0:
            self._kill_orphans()

    def _kill_orphans(self) -> None:
        """Ends what a killed supervisor left behind, known by the environment variable that it was started with.

        A look may miss one that was being started, or was becoming another program: two in a row have to find nobody.
        """
        nobody = 0
        for _ in range(_MOST_LOOKS):
            nobody = 0 if self._kill_marked() else nobody + 1
            if nobody == 2:
                return
            time.sleep(0.02)

    def _kill_marked(self) -> bool:
        found = False
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if self._mark in (folder / "environ").read_bytes().split(b"\0"):
                    os.kill(int(folder.name), signal.SIGKILL)
                    found = True
        return found

    @override
    def free(self) -> None:
        super().free()
        remove_tree(self._folder)
