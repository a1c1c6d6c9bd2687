"""Jobs for the process that reads strangers' files: what a reader may be led to do."""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from synthgym.synthesis.report import CheckFailed
from synthgym.synthesis.tables.tables import contents, read_tables


@dataclass(frozen=True)
class Do:
    """Does what its name says."""

    what: str

    def __call__(self) -> Any:
        return getattr(self, "_" + self.what)()

    def _nothing(self) -> list[str]:
        return ["nothing"]

    def _ask_for_memory(self) -> int:
        return len(np.ones(16 << 30, dtype=np.int8))

    def _gather(self) -> int:
        found = []
        while True:
            found.append(bytes(1 << 20))

    def _go_on(self) -> None:
        while True:
            pass

    def _sleep(self) -> None:
        time.sleep(600)

    def _kill(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def _crash(self) -> None:
        os.kill(os.getpid(), signal.SIGSEGV)

    def _leave(self) -> None:
        os._exit(0)

    def _raise(self) -> None:
        raise ZeroDivisionError("a reader stumbled")

    def _recur(self) -> None:
        self._recur()

    def _fail(self) -> None:
        raise CheckFailed("leaky", "it leaks")

    def _say_much(self) -> str:
        return "x" * (8 << 20)

    def _say_no_json(self) -> object:
        return object()

    def _write(self) -> None:
        Path("/tmp/synthgym-written-apart").write_text("more than nothing")

    def _environment(self) -> list[str]:
        own = Path("/proc/self/environ").read_bytes().decode()
        return [*(f"{name}={value}" for name, value in os.environ.items()), own]


@dataclass(frozen=True)
class Read:
    """Reads the tables of a folder, and what its files hold."""

    folder: Path

    def __call__(self) -> list[int]:
        limit = sys.getrecursionlimit()
        tables = read_tables(self.folder, 300)
        held = [data for path in sorted(self.folder.iterdir()) for _, data in contents(path.name, path.read_bytes())]
        return [len(tables), sum(map(len, held)), limit]
