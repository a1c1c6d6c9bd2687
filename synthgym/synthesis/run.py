"""A run of synthesis, as its author sees it: journal, folders for unfinished challenges, verification, and pausing."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from synthgym.base.errors import SynthgymError
from synthgym.base.files.journal import Journal
from synthgym.base.files.paths import remove_tree
from synthgym.registry.challenge import load_challenge
from synthgym.synthesis.engines import Engine

Value = TypeVar("Value")


class Paused(SynthgymError):
    """The run stops here for now: it was interrupted, or has spent what it may."""


class SynthesisRun:
    """What all of a run has in common. An author is opened with it; the threads that work on candidates share it.

    Attributes:
        journal: Of this folder, over all runs.
        sandbox: Backend for all that is run.
        say: Tells the user a line.
        done_before: Candidates that earlier runs had done, and the ids of the challenges that came of them, if any did.
    """

    STAGING = ".staging"

    def __init__(
        self,
        out: Path,
        journal: Journal,
        engine: Engine,
        sandbox: str,
        say: Callable[[str], None] = lambda text: None,
        done_before: Mapping[int, str | None] | None = None,
    ) -> None:
        self.journal = journal
        self.sandbox = sandbox
        self.say = say
        self.done_before = dict(done_before or {})
        self._out = out
        self._engine = engine
        self._pause: str | None = None
        self._lock = threading.Lock()

    def staging_folder(self, name: str) -> Path:
        """Where a candidate's folder is written; removes what an earlier try or a run that was killed left."""
        folder = self._out / self.STAGING / name
        remove_tree(folder)
        folder.parent.mkdir(exist_ok=True)
        return folder

    def execute(self, job: Callable[[], Value]) -> Value:
        """Runs something slow where this run runs such things; see `synthgym.synthesis.engines`."""
        self.raise_if_paused()
        return self._engine.call(job)

    def accepted_before(self) -> dict[int, Path]:
        """The folders of the candidates that earlier runs accepted, as far as they are still there."""
        folders = {index: self._out / name for index, name in self.done_before.items() if name}
        return {index: folder for index, folder in folders.items() if (folder / "challenge.yaml").is_file()}

    def accept(self, folder: Path) -> str:
        """Moves a verified folder into the collection.

        Returns:
            Its content hash.
        """
        target = self._out / folder.name
        remove_tree(target)  # of a run that was killed before it could note this candidate
        os.rename(folder, target)
        return load_challenge(target).provenance.content_hash

    def pause(self, why: str) -> None:
        """Has all candidates stop at their next step."""
        with self._lock:
            self._pause = self._pause or why

    @property
    def paused(self) -> str | None:
        """Why the run stops here for now; None if it does not."""
        return self._pause

    def raise_if_paused(self) -> None:
        """Called before each step.

        Raises:
            Paused: The run stops here for now.
        """
        if self._pause:
            raise Paused(self._pause)
