"""Whether `prepare.py` makes the same data on every machine, every day: it is run again as another one would."""

from __future__ import annotations

import tempfile
from pathlib import Path

from synthgym.base.errors import GraderError
from synthgym.envs.workspace import Prepared, prepare_elsewhere, prepared_files
from synthgym.registry.challenge import Challenge
from synthgym.synthesis.report import CheckFailed, Report

_AROUND = 40
_PIECE = 1 << 16
_TAR = (
    " (a tar holds the times at which its files were written: give them one that stays, as in "
    "add(path, filter=stamped) with a function that sets TarInfo.mtime)"
)


def check_repeatable(report: Report, challenge: Challenge, folder: Path, prepared: Prepared, sandbox: str) -> None:
    """Prepares the challenge once more, on what looks like another machine, another day (`envs.tools.elsewhere`).

    Raises:
        CheckFailed: What it makes differs, in one byte or more; or it fails there.
    """
    with tempfile.TemporaryDirectory(prefix="synthgym-elsewhere-") as place:
        Path(place).chmod(0o755)  # sandboxes run as other users
        try:
            again = prepare_elsewhere(challenge, folder, sandbox, Path(place))
        except GraderError as error:
            raise CheckFailed(
                "not repeatable", f"prepare.py worked once and failed when it was run again: {error}"
            ) from error
    first = prepared_files(prepared)
    differing = sorted(name for name in {*first, *again} if first.get(name) != again.get(name))
    differences = "; ".join(_difference(name, first.get(name), again.get(name)) for name in differing[:3])
    more = f"; and {len(differing) - 3} more files" if len(differing) > 3 else ""
    report.require(
        "not repeatable",
        not differing,
        f"prepare.py, run twice, made different data: {differences}{more}. It must take nothing from the clock, from "
        "seeds it does not set itself, from the order of a set, from the order in which a folder lists its files, or "
        "from the machine: its name, processors, paths, process ids",
    )


def _difference(name: str, first: bytes | None, again: bytes | None) -> str:
    if first is None or again is None:
        return f"{name} was made only the {'second' if first is None else 'first'} time"
    place = _first_difference(first, again)
    if not (_is_text(first) and _is_text(again)):
        return f"{name} at byte {place}{_TAR if _is_tar(name, first) else ''}"
    line = first.count(b"\n", 0, place) + 1
    begin = max(first.rfind(b"\n", 0, place) + 1, place - _AROUND)
    texts = [each[begin : place + _AROUND].split(b"\n")[0] for each in (first, again)]
    return f"{name} at byte {place} (line {line}): {texts[0]!r}, then {texts[1]!r}"


def _first_difference(first: bytes, again: bytes) -> int:
    """Where two files begin to differ, found piece by piece: a byte at a time, half a gigabyte takes minutes."""
    length = min(len(first), len(again))
    start = next((at for at in range(0, length, _PIECE) if first[at : at + _PIECE] != again[at : at + _PIECE]), length)
    return next((at for at in range(start, min(start + _PIECE, length)) if first[at] != again[at]), length)


def _is_text(data: bytes) -> bool:
    try:
        return "\0" not in data.decode()
    except UnicodeDecodeError:
        return False


def _is_tar(name: str, data: bytes) -> bool:
    return (
        data[257:262] == b"ustar" or ".tar." in f"{name.lower()}." or name.lower().endswith((".tgz", ".tbz2", ".txz"))
    )
