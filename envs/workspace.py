"""From a challenge's `prepare.py` to what a workspace starts with and what the grader keeps.

`prepare.py` is untrusted: it runs in a sandbox, without network, and what it leaves is copied out as plain files. The
result is kept under the challenge's content hash and used by every reset from then on.
"""

from __future__ import annotations

import io
import os
import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from synthgym.base.errors import BadSubmission, GraderError, UserError
from synthgym.base.paths import build_once, cache_dir
from synthgym.base.progress import still_running
from synthgym.base.text import is_plain
from synthgym.envs.sandboxes import open_sandbox
from synthgym.envs.sandboxes.base import Limits, Profile, Setup
from synthgym.registry.challenge import Challenge, content_hash
from synthgym.registry.data import fetch
from synthgym.registry.files import MOST_DEPTH, irregular_files

_SOURCE = "/opt/source"
_MOST_BYTES = 512 << 20
_MOST_ENTRIES = 50_000


@dataclass(frozen=True)
class Prepared:
    """A challenge made ready.

    Attributes:
        content_hash: Of the challenge it was made from.
        workspace: What an agent starts with: the starter code, and the public data in `data/`.
        private: Labels and the like; closed to every other user.
        grader: The challenge's `grader/` folder.
    """

    content_hash: str
    workspace: Path
    private: Path
    grader: Path


def prepare(challenge: Challenge, folder: Path, sandbox: str = "auto") -> Prepared:
    """Runs `prepare.py`, or finds what it left before.

    Raises:
        GraderError: `prepare.py` failed; the message ends with what it said.
        UserError: The data cannot be had, or the folder holds what a challenge may not hold.
        HubError: The data is on the Hugging Face Hub, which failed.
    """
    digest = content_hash(challenge, folder)
    target = cache_dir("prepared") / digest
    if not target.is_dir():
        with still_running(f"{challenge.id}: prepare.py", prepare_limits(challenge).wall_seconds):
            build_once(target, lambda building: _build(challenge, folder, sandbox, building))
    return Prepared(digest, target / "workspace", target / "private", folder / "grader")


def prepare_limits(challenge: Challenge) -> Limits:
    """What `prepare.py` may use: `budget.prepare_cpu_seconds`, whatever an agent's commands may."""
    budget = challenge.budget
    return Limits(budget.prepare_cpu_seconds, budget.prepare_cpu_seconds * budget.wall_factor)


def _build(challenge: Challenge, folder: Path, sandbox: str, building: Path) -> None:
    for path, what in irregular_files(folder):  # a link would carry a file of the host's into the sandbox
        raise UserError(f"{path}: {what}; a challenge holds folders and regular files")
    source = building / "source"
    fetch(challenge.dataset, folder, source, challenge.id)
    _open_to_all(source)
    script = building / "script"
    script.mkdir()
    shutil.copy(folder / "grader" / "prepare.py", script / "prepare.py")
    _open_to_all(script)
    setup = Setup(Profile.author(challenge.budget), script, {_SOURCE: source}, {"SOURCE": _SOURCE}, challenge.image)
    box = open_sandbox(sandbox, setup)
    try:
        box.start()
        limits = prepare_limits(challenge)
        result = box.run(
            'mkdir public private && PUBLIC="$PWD/public" PRIVATE="$PWD/private" python prepare.py && '
            "tar -cf out.tar public private",
            limits,
        )
        if result.returncode != 0:
            ended = f"exit code {result.returncode}"
            if result.timeout:
                most = limits.cpu_seconds if result.timeout == "cpu" else limits.wall_seconds
                ended = f"exceeded its {result.timeout} time, {most:g} seconds by budget.prepare_cpu_seconds"
            raise GraderError(f"{challenge.id}: prepare.py failed ({ended}): {result.text[-1500:].strip()}")
        _unpack(box.read("out.tar", _MOST_BYTES), building, challenge.id)
    except BadSubmission as error:
        raise GraderError(f"{challenge.id}: what prepare.py made cannot be read: {error}") from error
    finally:
        box.close()
        shutil.rmtree(script)
        shutil.rmtree(source)
    workspace = building / "workspace"
    shutil.copytree(folder / "workspace", workspace, ignore=shutil.ignore_patterns("__pycache__"))
    if (workspace / "data").exists():
        raise UserError(f"{folder / 'workspace' / 'data'}: reserved for what prepare.py makes; call it something else")
    (building / "public").rename(workspace / "data")
    if not any((workspace / "data").iterdir()):
        (workspace / "data").rmdir()
    _open_to_all(workspace)
    (building / "private").chmod(0o700)


def _unpack(data: bytes, target: Path, name: str) -> None:
    """Plain files and folders only: the archive comes from untrusted code.

    Written out here, because `tarfile` has learned to be careful only with Python 3.11.4.
    """
    try:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for count, member in enumerate(archive):
                if count > _MOST_ENTRIES:
                    raise GraderError(f"{name}: prepare.py left more than {_MOST_ENTRIES:,} files and folders")
                if not is_plain(member.name):
                    raise GraderError(f"{name}: prepare.py left {member.name!r}, a name of more than plain text")
                parts = PurePosixPath(member.name).parts
                if len(parts) > MOST_DEPTH:
                    raise GraderError(f"{name}: prepare.py left folders more than {MOST_DEPTH} deep")
                content = archive.extractfile(member) if member.isreg() else None
                if not (content or member.isdir()) or parts[:1] not in (("public",), ("private",)) or ".." in parts:
                    raise GraderError(f"{name}: prepare.py left {member.name!r}, which is no regular file")
                path = target.joinpath(*parts)
                if content:
                    path.write_bytes(content.read())
                else:
                    path.mkdir()
    except (tarfile.TarError, OSError, ValueError) as error:
        raise GraderError(f"{name}: what prepare.py made cannot be unpacked: {error}") from error
    for part in ("public", "private"):
        if not (target / part).is_dir():
            raise GraderError(f"{name}: prepare.py left no folder {part}")


def _open_to_all(folder: Path) -> None:
    """Readable for the user that a sandbox runs as, whatever the umask and the modes in the source."""
    for place, _, names in os.walk(folder):
        os.chmod(place, 0o755)
        for name in names:
            path = os.path.join(place, name)
            os.chmod(path, 0o755 if os.stat(path).st_mode & 0o100 else 0o644)
