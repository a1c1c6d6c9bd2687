"""Runs a challenge's `prepare.py` in a sandbox, without network, and copies what it leaves out as plain files.

Hash seed, time zone, locale and the times of its source's files are the same everywhere, so that it makes the same on
every machine. Verification runs it once more as another machine would, another day (`synthgym.envs.tools.elsewhere`).
Times at which something was packed or written are not kept.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import struct
import zipfile
from pathlib import Path, PurePosixPath

from synthgym.base.errors import BadSubmission, GraderError, UserError
from synthgym.base.seeds import secret_of
from synthgym.base.text import clipped, is_plain
from synthgym.envs.sandboxes import open_sandbox
from synthgym.envs.sandboxes.base import CommandResult, Limits, Profile, Setup
from synthgym.registry.challenge import Challenge
from synthgym.registry.data import fetch
from synthgym.registry.files import MOST_DEPTH, file_errors, irregular_files
from synthgym.registry.plain_tar import FILE, FOLDER, read_tar

_SOURCE = "/opt/source"
_HERE = {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
_AHEAD = 401 * 86_400 + 7 * 3_600 + 11 * 60 + 13  # another year, month, day, hour, minute and second
_ELSEWHERE = {
    "PYTHONHASHSEED": "4242",
    "TZ": "Asia/Kathmandu",
    "LC_ALL": "C",
    "SEED": "4242",
    "SYNTHGYM_AHEAD": str(_AHEAD),
}
_RUN = "python prepare.py"
_RUN_ELSEWHERE = (  # other process ids, another folder
    '(:); (:); (:); cd else/where && PATH="$OLDPWD/bin:$PATH" '
    'PYTHONPATH="$SYNTHGYM_TOOLS/elsewhere${PYTHONPATH:+:$PYTHONPATH}" python prepare.py'
)
_DATE = """#!/bin/sh
# The time that the programs here are told. Of another time than now it says the same.
PATH=${PATH#*:}
case " $*" in
    *" -d"* | *" --d"* | *" -r"* | *" --ref"*) exec date "$@" ;;
    *) exec date -d "@$(($(date +%s) + SYNTHGYM_AHEAD))" "$@" ;;
esac
"""
_END_ALL = "exit $?"
"""Ends the shell, and with it whatever `prepare.py` left running: nothing changes files while they are packed."""
_PACKED = "out.tar"
_PACK = f"rm -rf {_PACKED} && tar -cf {_PACKED} public private"
_SOURCE_TIME = 946_684_800  # 2000-01-01
_NO_DOS_TIME = b"\0\0\x21\0"  # 1980-01-01, the earliest that a zip can say
_MOST_BYTES = 512 << 20
_MOST_ENTRIES = 50_000


def prepare_limits(challenge: Challenge) -> Limits:
    """What `prepare.py` may use: `budget.prepare_cpu_seconds`, whatever an agent's commands may."""
    budget = challenge.budget
    return Limits(budget.prepare_cpu_seconds, budget.prepare_cpu_seconds * budget.wall_factor)


def run_prepare(challenge: Challenge, folder: Path, sandbox: str, building: Path, elsewhere: bool = False) -> None:
    """Runs `prepare.py`; what it made is then in `public` and `private` of a folder.

    Args:
        challenge: The challenge.
        folder: Its folder.
        sandbox: Where to run it.
        building: A folder to work in, which sandboxes may enter.
        elsewhere: As another machine would, another day.

    Raises:
        GraderError: It failed; the message ends with what it said.
        UserError: The data cannot be had, or the folder holds what a challenge may not hold.
        HubError: The data is on the Hugging Face Hub, which failed.
    """
    with file_errors(folder):
        for path, what in irregular_files(folder):  # a link would carry a file of the host's into the sandbox
            raise UserError(f"{path}: {what}; a challenge holds folders and regular files")
    for needed, is_there in ((folder / "grader" / "prepare.py", Path.is_file), (folder / "workspace", Path.is_dir)):
        if not is_there(needed):
            raise UserError(f"{needed}: missing; every challenge has it")
    source = building / "source"
    fetch(challenge.dataset, folder, source, challenge.id)
    for path in source.rglob("*"):
        os.utime(path, (_SOURCE_TIME, _SOURCE_TIME))
    lay_out(source)
    script = building / "script"
    _write_script(script, folder / "grader" / "prepare.py", elsewhere)
    lay_out(script)
    secret = secret_of("prepare", (folder / "grader" / "prepare.py").read_bytes())
    environment = {"SOURCE": _SOURCE, "SECRET": secret, **(_ELSEWHERE if elsewhere else _HERE)}
    setup = Setup(Profile.author(challenge.budget), script, {_SOURCE: source}, environment, challenge.image)
    box = open_sandbox(sandbox, setup)
    try:
        box.start()
        limits = prepare_limits(challenge)
        result = box.run(
            'mkdir public private && (export PUBLIC="$PWD/public" PRIVATE="$PWD/private"; '
            f"{_RUN_ELSEWHERE if elsewhere else _RUN}); {_END_ALL}",
            limits,
        )
        _require_done(challenge, "prepare.py", result, limits)
        _require_done(challenge, "packing what prepare.py made", box.run(_PACK, limits), limits)
        _unpack(box.read(_PACKED, _MOST_BYTES), building, challenge.id)
    except BadSubmission as error:
        raise GraderError(f"{challenge.id}: what prepare.py made cannot be read: {error}") from error
    finally:
        box.close()
        shutil.rmtree(script)
        shutil.rmtree(source)


def _require_done(challenge: Challenge, what: str, result: CommandResult, limits: Limits) -> None:
    if result.returncode != 0:
        ended = f"exit code {result.returncode}"
        if result.timeout:
            most = limits.cpu_seconds if result.timeout == "cpu" else limits.wall_seconds
            ended = f"exceeded its {result.timeout} time, {most:g} seconds by budget.prepare_cpu_seconds"
        raise GraderError(f"{challenge.id}: {what} failed ({ended}): {result.text[-1500:].strip()}")


def _write_script(script: Path, prepare: Path, elsewhere: bool) -> None:
    """What the workspace is to hold."""
    place = script / "else" / "where" if elsewhere else script
    place.mkdir(parents=True)
    shutil.copy(prepare, place / "prepare.py")
    if elsewhere:
        (script / "bin").mkdir()
        (script / "bin" / "date").write_text(_DATE)
        (script / "bin" / "date").chmod(0o755)


def _unpack(data: bytes, target: Path, name: str) -> None:
    """Plain files and folders only: the archive comes from untrusted code, which may still be running."""
    try:
        for count, member in enumerate(read_tar(data)):
            if count > _MOST_ENTRIES:
                raise GraderError(f"{name}: prepare.py left more than {_MOST_ENTRIES:,} files and folders")
            shown = clipped(repr(member.name), 200)
            if not is_plain(member.name):
                raise GraderError(f"{name}: prepare.py left {shown}, a name of more than plain text")
            parts = PurePosixPath(member.name).parts
            if len(parts) > MOST_DEPTH:
                raise GraderError(f"{name}: prepare.py left folders more than {MOST_DEPTH} deep")
            plain = member.kind in (FILE, FOLDER)
            if not plain or parts[:1] not in (("public",), ("private",)) or ".." in parts:
                raise GraderError(f"{name}: prepare.py left {shown}, which is no regular file")
            path = target.joinpath(*parts)
            if member.kind == FILE:
                path.write_bytes(_without_time(bytes(member.data)))
            else:
                path.mkdir()
    except (OSError, ValueError) as error:
        raise GraderError(f"{name}: what prepare.py made cannot be unpacked: {error}") from error
    for part in ("public", "private"):
        if not (target / part).is_dir():
            raise GraderError(f"{name}: prepare.py left no folder {part}")


def _without_time(data: bytes) -> bytes:
    """A gzip or zip file without the time at which it was packed: like times of files, it is not kept.

    A tar's is: programs can set it, and it may be packed itself.
    """
    if data.startswith(b"\x1f\x8b") and len(data) > 8:
        return data[:4] + bytes(4) + data[8:]
    if not data.startswith(b"PK\3\4") or data.count(b"PK\1\2") > _MOST_ENTRIES:
        return data
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members, entry = archive.infolist(), archive.start_dir
        changed = bytearray(data)
        for member in members:  # it stands in the member's own header and in the list at the end
            for header, mark, place in ((member.header_offset, b"PK\3\4", 10), (entry, b"PK\1\2", 12)):
                if data[header : header + 4] != mark:
                    return data
                changed[header + place : header + place + 4] = _NO_DOS_TIME
            entry += 46 + sum(struct.unpack_from("<3H", data, entry + 28))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error):
        return data  # it only looks like one
    return bytes(changed)


def lay_out(folder: Path) -> None:
    """Makes of a copied folder what its files' names and bytes alone decide, readable for the user of a sandbox.

    A content hash covers no more, and what is made of a challenge is kept under it: with modes or empty folders of the
    source, another copy of the same challenge could make it another. So a file is executable exactly if it begins as
    a program does, and a folder is there only if a file is in it.
    """
    for place, _, names in os.walk(folder, topdown=False):
        os.chmod(place, 0o755)
        for name in names:
            path = os.path.join(place, name)
            with open(path, "rb") as file:
                os.chmod(path, 0o755 if file.read(4).startswith(_PROGRAMS) else 0o644)
        if place != str(folder):
            with contextlib.suppress(OSError):  # it is not empty
                os.rmdir(place)


_PROGRAMS = (b"#!", b"\x7fELF")
