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
from pathlib import Path, PurePath

from synthgym.base.files.outputs import write_whole

SEAL_FILE = "reference.sha256"


def is_sealed(folder: Path) -> bool:
    """Whether the challenge in `folder` is sealed."""
    return (folder / "grader" / SEAL_FILE).is_file()


def seal(folder: Path) -> None:
    """Seals the challenge in `folder`; one that has no reference solution stays as it is.

    Its content hash becomes another, so that a challenge is sealed before it is verified.
    """
    if (folder / "grader" / "reference").is_dir():
        write_whole(folder / "grader" / SEAL_FILE, reference_list(folder / "grader"))


def is_hashed(name: PurePath) -> bool:
    """Whether a content hash covers a file of this name, relative to the folder of the challenge or a part of it.

    What Python compiled it does not, and so nothing else may use that either.
    """
    return "__pycache__" not in name.parts


def hashed_files(root: Path, grader: bool) -> Iterator[tuple[str, bytes]]:
    """The files under a folder that a content hash covers, in its order: names relative to `root`, and contents.

    In a sealed grader, the list stands for the files in `reference/`: made anew where they are there, as the seal
    states it where they were left out.
    """
    sealed = grader and (root / SEAL_FILE).is_file()
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        name = relative.as_posix()
        if not path.is_file() or not is_hashed(relative) or (sealed and name.startswith("reference/")):
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
        if is_hashed(path.relative_to(grader))
    ]
    return "".join(lines).encode()
