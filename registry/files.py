"""What a challenge's folder may hold: folders and regular files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path


def irregular_files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Everything else, and what it is: it would carry a file of another place along, or change with it.

    Checked before a file of a stranger's challenge is copied, and by `synthgym check`.
    """
    for place, folders, files in os.walk(folder):
        for name in sorted(folders + files):
            path = Path(place, name)
            if path.is_symlink():
                yield path, f"a link, to {os.readlink(path)}"
            elif not path.is_file() and not path.is_dir():
                yield path, "neither a regular file nor a folder"
