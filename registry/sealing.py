"""Sealing a challenge's reference solution: its content hash then holds without the solution's files.

A challenge with the file `grader/reference.sha256` is sealed. The file lists the SHA-256 of every file in
`grader/reference/`, as the program `sha256sum` writes and checks them, and the content hash covers that list in place
of the files. So the reference can be left out where the challenge is published, and the challenge stays the same:
whoever has the reference can show that it is the one, and nobody can put another in its place. Without the seal the
content hash covers the files themselves, and without them it is another challenge.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

SEAL_FILE = "reference.sha256"


def is_sealed(folder: Path) -> bool:
    """Whether the challenge in `folder` is sealed."""
    return (folder / "grader" / SEAL_FILE).is_file()


def seal(folder: Path) -> None:
    """Seals the challenge in `folder`; one that has no reference solution stays as it is.

    Its content hash becomes another, so that a challenge is sealed before it is verified.
    """
    if (folder / "grader" / "reference").is_dir():
        (folder / "grader" / SEAL_FILE).write_bytes(reference_list(folder / "grader"))


def hashed_files(root: Path, grader: bool) -> Iterator[tuple[str, bytes]]:
    """The files under a folder that a content hash covers, in its order: names relative to `root`, and contents.

    In a sealed grader, the list stands for the files in `reference/`: made anew where they are there, as the seal
    states it where they were left out.
    """
    sealed = grader and (root / SEAL_FILE).is_file()
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if not path.is_file() or "__pycache__" in path.parts or (sealed and name.startswith("reference/")):
            continue
        if sealed and name == SEAL_FILE and (root / "reference").is_dir():
            yield name, reference_list(root)
        else:
            yield name, path.read_bytes()


def reference_list(grader: Path) -> bytes:
    """What the seal of the solution in ``grader/reference/`` is."""
    files = sorted(path for path in (grader / "reference").rglob("*") if path.is_file())
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(grader).as_posix()}\n"
        for path in files
        if "__pycache__" not in path.parts
    ]
    return "".join(lines).encode()
