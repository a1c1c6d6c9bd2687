"""From a challenge's `prepare.py` to what a workspace starts with and what the grader keeps.

`prepare.py` is untrusted: it runs in a sandbox, without network, and what it leaves is copied out as plain files. The
result is kept under the challenge's content hash and used by every reset from then on. Hash seed, time zone and locale
are the same everywhere, and verification refuses a `prepare.py` that makes something else on another machine or day.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from synthgym.base.errors import BadSubmission, GraderError, UserError
from synthgym.base.paths import build_once, cache_dir
from synthgym.envs.sandboxes import open_sandbox
from synthgym.envs.sandboxes.base import Limits, Profile, Setup
from synthgym.registry.challenge import Challenge, content_hash
from synthgym.registry.data import fetch
from synthgym.registry.files import irregular_files

_SOURCE = "/opt/source"
_HERE = {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
_ELSEWHERE = {"PYTHONHASHSEED": "4242", "TZ": "Asia/Kathmandu", "LC_ALL": "C", "SEED": "4242"}
_RUNNER = '"$SYNTHGYM_TOOLS/elsewhere.py"'
_DATA_HASH = "data.sha256"
_FORM = 2  # of what is kept: another number where it is made in another way
_MOST_BYTES = 512 << 20


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
    target = cache_dir("prepared") / f"{digest}-{_FORM}"
    if not target.is_dir():
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
    _run(challenge, folder, sandbox, target, elsewhere=True)
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
    _run(challenge, folder, sandbox, building)
    workspace = building / "workspace"
    shutil.copytree(folder / "workspace", workspace, ignore=shutil.ignore_patterns("__pycache__"))
    if (workspace / "data").exists():
        raise UserError(f"{folder / 'workspace' / 'data'}: reserved for what prepare.py makes; call it something else")
    (building / "public").rename(workspace / "data")
    if not any((workspace / "data").iterdir()):
        (workspace / "data").rmdir()
    _open_to_all(workspace)
    (building / "private").chmod(0o700)
    made = _files(workspace / "data", building / "private")
    (building / _DATA_HASH).write_text(data_hash(made))


def _run(challenge: Challenge, folder: Path, sandbox: str, building: Path, elsewhere: bool = False) -> None:
    """Runs `prepare.py` in a sandbox; what it made is then in `public` and `private` of the folder `building`."""
    for path, what in irregular_files(folder):  # a link would carry a file of the host's into the sandbox
        raise UserError(f"{path}: {what}; a challenge holds folders and regular files")
    source = building / "source"
    fetch(challenge.dataset, folder, source, challenge.id)
    _open_to_all(source)
    script = building / "script"
    script.mkdir()
    shutil.copy(folder / "grader" / "prepare.py", script / "prepare.py")
    _open_to_all(script)
    environment = {"SOURCE": _SOURCE, **(_ELSEWHERE if elsewhere else _HERE)}
    setup = Setup(Profile.author(challenge.budget), script, {_SOURCE: source}, environment, challenge.image)
    box = open_sandbox(sandbox, setup)
    try:
        box.start()
        budget = challenge.budget
        limits = Limits(budget.episode_cpu_seconds, budget.episode_cpu_seconds * budget.wall_factor)
        result = box.run(
            'mkdir public private && PUBLIC="$PWD/public" PRIVATE="$PWD/private" '
            f"python {_RUNNER if elsewhere else ''} prepare.py && tar -cf out.tar public private",
            limits,
        )
        if result.returncode != 0:
            ended = f"exceeded its {result.timeout} time" if result.timeout else f"exit code {result.returncode}"
            raise GraderError(f"{challenge.id}: prepare.py failed ({ended}): {result.text[-1500:].strip()}")
        _unpack(box.read("out.tar", _MOST_BYTES), building, challenge.id)
    except BadSubmission as error:
        raise GraderError(f"{challenge.id}: what prepare.py made cannot be read: {error}") from error
    finally:
        box.close()
        shutil.rmtree(script)
        shutil.rmtree(source)


def _unpack(data: bytes, target: Path, name: str) -> None:
    """Plain files and folders only: the archive comes from untrusted code.

    Written out here, because `tarfile` has learned to be careful only with Python 3.11.4.
    """
    try:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for member in archive:
                parts = PurePosixPath(member.name).parts
                content = archive.extractfile(member) if member.isreg() else None
                if not (content or member.isdir()) or parts[:1] not in (("public",), ("private",)) or ".." in parts:
                    raise GraderError(f"{name}: prepare.py left {member.name!r}, which is no regular file")
                path = target.joinpath(*parts)
                if content:
                    path.write_bytes(_without_time(content.read()))
                else:
                    path.mkdir()
    except (tarfile.TarError, OSError) as error:
        raise GraderError(f"{name}: what prepare.py made cannot be unpacked: {error}") from error


def _without_time(data: bytes) -> bytes:
    """A packed file without the time at which it was packed: like times of files, it is not kept."""
    return data[:4] + bytes(4) + data[8:] if data.startswith(b"\x1f\x8b") and len(data) > 8 else data


def _open_to_all(folder: Path) -> None:
    """Readable for the user that a sandbox runs as, whatever the umask and the modes in the source."""
    for place, _, names in os.walk(folder):
        os.chmod(place, 0o755)
        for name in names:
            path = os.path.join(place, name)
            os.chmod(path, 0o755 if os.stat(path).st_mode & 0o100 else 0o644)
