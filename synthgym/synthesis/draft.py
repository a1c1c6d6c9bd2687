"""What an author hands to verification: a challenge that has not been measured yet, and its files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from synthgym.registry.challenge import Challenge


@dataclass(frozen=True)
class Draft:
    """A challenge as its author leaves it.

    Attributes:
        challenge: The spec; scores, noise and the reference's score are still empty.
        files: Every file of the folder but `challenge.yaml`, by its path: `workspace/…` or `grader/…`.
    """

    challenge: Challenge
    files: dict[str, bytes]

    def write(self, folder: Path) -> None:
        """Writes the challenge's own folder (its name should be the challenge's id); creates it where needed."""
        for name, body in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
        folder.mkdir(parents=True, exist_ok=True)
        self.challenge.save(folder)
