"""The journal of a running episode, which shows how far it came where its process was killed."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any

from synthgym.agents.agent import Info
from synthgym.agents.trajectories.trajectory import Step
from synthgym.base.errors import OutputFolderError
from synthgym.base.files.outputs import reported
from synthgym.base.files.plain_files import oddity, open_plain


class EpisodeJournal:
    """Follows a running episode on disk, so that a killed one can be looked at. It is a `Watcher`."""

    def __init__(self, path: Path, header: dict[str, Any]) -> None:
        self.path = path
        with reported(path):
            path.parent.mkdir(exist_ok=True)
            if odd := oddity(path.parent):
                raise OutputFolderError(f"{path.parent}: {odd}; expected a folder: remove it, or name a new folder")
            self._file = os.fdopen(open_plain(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), "w", encoding="utf-8")
        self._write(header)

    def begin(self, observation: str, info: Info) -> None:
        """The environment was reset."""
        self._write({"reset": {"observation": observation}})

    def step(self, step: Step, info: Info) -> None:
        """A step was made."""
        self._write(step.model_dump())

    def finish(self) -> None:
        """The episode's record is in a shard: the journal has done its work."""
        self.close()
        self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Leaves the journal for whoever wants to know."""
        with contextlib.suppress(OSError):  # a full disk was reported by the write
            self._file.close()

    def _write(self, data: dict[str, Any]) -> None:
        with reported(self.path):
            self._file.write(json.dumps(data, ensure_ascii=False, default=str) + "\n")
            self._file.flush()
