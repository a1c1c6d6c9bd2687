"""From a challenge's `prepare.py` to what a workspace starts with and what the grader keeps.

The result is kept under the challenge's content hash and used by every reset from then on.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from synthgym.base.errors import UserError
from synthgym.base.files.paths import build_once, cache_dir
from synthgym.base.progress import still_running
from synthgym.envs.preparing import lay_out, prepare_limits, run_prepare
from synthgym.registry.challenge import Challenge, content_hash

_DATA_HASH = "data.sha256"
FORM = 5
"""Of what is kept: another number where it is made in another way."""


@dataclass(frozen=True)
class Prepared:
    """A challenge made ready.

    Attributes:
        content_hash: Of the challenge it was made from.
        workspace: What an agent starts with: the starter code, and the public data in `data/`.
        private: Labels and the like; closed to every other user.
        grader: The challenge's `grader/` folder.
        data_hash: Of what `prepare.py` made; see `data_hash`.
    """

    content_hash: str
    workspace: Path
    private: Path
    grader: Path
    data_hash: str = ""


def prepare(challenge: Challenge, folder: Path, sandbox: str = "auto") -> Prepared:
    """Runs `prepare.py`, or finds what it left before.

    Raises:
        GraderError: `prepare.py` failed; the message ends with what it said.
        UserError: The data cannot be had, or the folder holds what a challenge may not hold.
        HubError: The data is on the Hugging Face Hub, which failed.
    """
    digest = content_hash(challenge, folder)
    target = cache_dir("prepared") / f"{digest}-{FORM}"
    if not target.is_dir():
        with still_running(f"{challenge.id}: prepare.py", prepare_limits(challenge).wall_seconds):
            build_once(target, lambda building: _build(challenge, folder, sandbox, building))
    made = (target / _DATA_HASH).read_text()
    return Prepared(digest, target / "workspace", target / "private", folder / "grader", made)


def prepare_elsewhere(challenge: Challenge, folder: Path, sandbox: str, target: Path) -> dict[str, bytes]:
    """What `prepare.py` makes with other seeds, on another day, with files in another order: all files, by path.

    Args:
        challenge: The challenge.
        folder: Its folder.
        sandbox: Where to run it.
        target: An empty folder to work in.

    Raises:
        GraderError: `prepare.py` failed.
    """
    with still_running(f"{challenge.id}: prepare.py, once more", prepare_limits(challenge).wall_seconds):
        run_prepare(challenge, folder, sandbox, target, elsewhere=True)
    return _files(target / "public", target / "private")


def prepared_files(prepared: Prepared) -> dict[str, bytes]:
    """What `prepare.py` made: all files, by path, in ``public/`` and ``private/``."""
    return _files(prepared.workspace / "data", prepared.private)


def data_hash(files: dict[str, bytes]) -> str:
    """SHA-256 over the paths and bytes of what a `prepare.py` made.

    Returns:
        32 hexadecimal digits.
    """
    digest = hashlib.sha256()
    for name, body in sorted(files.items()):
        digest.update(f"{name}\0{len(body)}\0".encode())
        digest.update(body)
    return digest.hexdigest()[:32]


def _files(public: Path, private: Path) -> dict[str, bytes]:
    return {
        f"{name}/{path.relative_to(root).as_posix()}": path.read_bytes()
        for name, root in (("public", public), ("private", private))
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def _build(challenge: Challenge, folder: Path, sandbox: str, building: Path) -> None:
    run_prepare(challenge, folder, sandbox, building)
    workspace = building / "workspace"
    shutil.copytree(folder / "workspace", workspace, ignore=shutil.ignore_patterns("__pycache__"))
    if (workspace / "data").exists():
        raise UserError(f"{folder / 'workspace' / 'data'}: reserved for what prepare.py makes; call it something else")
    (building / "public").rename(workspace / "data")
    lay_out(workspace)
    (building / "private").chmod(0o700)
    made = _files(workspace / "data", building / "private")
    (building / _DATA_HASH).write_text(data_hash(made))
