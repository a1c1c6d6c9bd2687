"""What is in a collection, without reading its specs: the index.

`index.json` in the collection holds, for every spec, the hash of its bytes and the few fields that registering needs.
It can be copied, packed and committed. Whoever shares a collection writes it, so it is believed for one thing only:
which ids `import synthgym` makes known, where the spec's bytes have that hash and this machine has not parsed them yet.
To list, check, choose or share challenges, and to make one, specs are parsed. The index of a pack is taken at its word,
and each challenge held to it when it is unpacked.

So that not even the bytes have to be read each time, the cache folder remembers size and time of change of the specs,
whether they were parsed, and of those that are wrong why. A spec that was changed, added or removed is noticed; only
what changed is parsed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from pathlib import Path
from typing import Literal, NamedTuple

from synthgym.base.errors import SpecError, UserError
from synthgym.base.files.outputs import write_whole
from synthgym.base.files.paths import cache_dir
from synthgym.base.json_reading import read_object
from synthgym.base.text import clipped
from synthgym.registry.collections.entries import (
    INDEX_FILE,
    CollectionIndex,
    IndexEntry,
    entry_of,
    index_text,
    is_well_formed,
    read_entries,
)
from synthgym.registry.collections.info import load_info
from synthgym.registry.collections.pack import is_pack, read_pack
from synthgym.registry.names import SPEC_FILE
from synthgym.registry.yaml_reading import read_file

_SEEN_FORMAT = 5  # what an older release kept was checked for less, or came out of an index
SHIPPED = Path(__file__).parents[1] / "core.synthgym.zip"
"""The collection that comes with synthgym."""

_MOST_BYTES, _MOST_VALUES = 16 << 20, 500_000
"""Of what is remembered of a collection."""
_TIMES = 2_000_000_000  # ns; a file that changed this recently might change again within one tick of its clock


Believed = Literal["index", "cache", "nothing"]
"""What is taken for a spec that is not parsed now: what `index.json` says, or what was parsed on this machine."""


class _Seen(NamedTuple):
    """A spec as it was when it was last parsed, or when its bytes were last compared with the entry."""

    size: int
    mtime_ns: int
    parsed: bool
    entry: IndexEntry


class _Wrong(NamedTuple):
    """A spec that was wrong when it was last parsed, and why."""

    size: int
    mtime_ns: int
    spec_hash: str
    problem: str


class _WrongBytes(SpecError):
    """Bytes that are no right spec, whatever else is there: so they will be the next time."""

    def __init__(self, problem: str, spec_hash: str) -> None:
        super().__init__(problem)
        self.spec_hash = spec_hash


def read_index(path: Path, believe: Believed = "cache") -> CollectionIndex:
    """The index of a collection, of one in a folder brought up to date.

    A pack is taken at its index's word, and holds to it when a challenge is unpacked.

    Args:
        path: The folder, or the pack.
        believe: Where specs need not be parsed. ``index``: where its `index.json` has an entry for the spec's bytes,
            whoever wrote that. ``cache``: where this machine has parsed them already. ``nothing``: nowhere.

    Raises:
        SpecError: It is no collection, or its `collection.yaml` is wrong. A wrong spec of a challenge is not
            raised: it is among `problems`.
    """
    path = path.expanduser().absolute()
    if is_pack(path):
        pack = read_pack(path)
        return CollectionIndex(path, pack.info, list(pack.entries.values()), list(pack.problems))
    info = load_info(path)
    stamp = _stamp(path / INDEX_FILE)
    seen, wrong = ({}, {}) if believe == "nothing" else _read_seen(path, stamp)
    trusted = believe == "index"
    shipped: dict[str, IndexEntry] | None = None
    entries: list[IndexEntry] = []
    problems: list[str] = []
    now: dict[str, _Seen] = {}
    wrong_now: dict[str, _Wrong] = {}
    for name, size, mtime_ns in _specs(path):
        if (bad := wrong.get(name)) is not None and (bad.size, bad.mtime_ns) == (size, mtime_ns):
            wrong_now[name] = bad
            problems.append(bad.problem)
            continue
        known = seen.get(name)
        if known is not None and not (known.parsed or trusted):
            known = None
        if known is None or (known.size, known.mtime_ns) != (size, mtime_ns):
            if shipped is None:
                shipped = read_entries(path / INDEX_FILE) if trusted else {}
            try:
                entry, parsed = _compare(path / name, known, bad, shipped.get(name))
            except SpecError as error:
                problems.append(str(error))
                if isinstance(error, _WrongBytes):
                    wrong_now[name] = _Wrong(size, mtime_ns, error.spec_hash, str(error))
                continue
            except Exception as error:  # one bad spec costs one challenge, whatever is in it
                problems.append(clipped(f"{path / name}: cannot be read: {type(error).__name__}: {error}", 1000))
                continue
            known = _Seen(size, mtime_ns, parsed, entry)
        now[name] = known
        entries.append(known.entry)
    if (now, wrong_now) != (seen, wrong):
        _write_seen(path, stamp, now, wrong_now)
    return CollectionIndex(path, info, entries, problems)


def write_index(path: Path) -> CollectionIndex:
    """Writes the collection's `index.json`, the same bytes for the same specs: all of them are parsed.

    Returns:
        The index. A challenge whose spec is wrong is not in it, but among `problems`.

    Raises:
        SpecError: `collection.yaml` is wrong.
    """
    index = read_index(path, believe="nothing")
    write_whole(index.path / INDEX_FILE, index_text(index))
    return index


def _specs(path: Path) -> list[tuple[str, int, int]]:
    """Every challenge's name, and size and time of change of its spec, by name."""
    found = []
    with os.scandir(path) as folders:
        for folder in folders:
            if folder.name[0] in "._":
                continue
            try:
                status = os.lstat(f"{folder.path}/{SPEC_FILE}")
            except OSError:  # a file, or a folder of something else
                continue
            found.append((folder.name, status.st_size, status.st_mtime_ns))
    found.sort()
    return found


def _compare(
    folder: Path, known: _Seen | None, bad: _Wrong | None, shipped: IndexEntry | None
) -> tuple[IndexEntry, bool]:
    """The entry of these very bytes, or one made now; and whether this machine has parsed them."""
    body = _read_spec(folder)
    spec_hash = hashlib.sha256(body).hexdigest()
    if known is not None and known.entry.spec_hash == spec_hash and known.entry.id == folder.name:
        return known.entry, known.parsed
    if bad is not None and bad.spec_hash == spec_hash:
        raise _WrongBytes(bad.problem, spec_hash)
    if shipped is not None and shipped.spec_hash == spec_hash and shipped.id == folder.name:
        return shipped, False
    from synthgym.registry.challenge import load_challenge
    from synthgym.registry.metrics import is_own
    from synthgym.registry.spec_check import spec_problems  # only where something is parsed

    try:
        challenge = load_challenge(folder)
    except SpecError as error:
        if _read_spec(folder) != body:  # it was changed or removed between
            raise
        raise _WrongBytes(str(error), spec_hash) from None
    # A metric of somebody's own may be made known later.
    if wrong := [what for what, check in spec_problems(challenge) if check != "metric"]:
        problem = f"{folder / SPEC_FILE}: {'; '.join(wrong)}"
        raise SpecError(problem) if is_own(challenge.metric.name) else _WrongBytes(problem, spec_hash)
    return entry_of(challenge, spec_hash), True


def _read_spec(folder: Path) -> bytes:
    try:
        return read_file(folder / SPEC_FILE)
    except OSError as error:
        raise SpecError(f"{folder / SPEC_FILE}: cannot be read: {error.strerror}") from error


def _seen_file(path: Path) -> Path:
    return cache_dir("indexes") / f"{hashlib.sha256(os.fsencode(path)).hexdigest()[:32]}.json"


def _stamp(file: Path) -> list[int]:
    """Size and time of change of a file; those of none where there is none."""
    try:
        status = os.stat(file)
    except OSError:
        return [-1, 0]
    return [status.st_size, status.st_mtime_ns]


_MOST_TOLD = 4 << 20
"""Characters of what is wrong with specs that are remembered; with those beyond it, the next look finds it again."""


def _judges() -> list[list[int]]:
    """What tells other releases apart, which may take what this one refuses."""
    names = ("challenge.py", "spec_check.py", "data.py", "yaml_reading.py")
    return [_stamp(Path(__file__).parents[1] / name) for name in names]


def _read_seen(path: Path, stamp: list[int]) -> tuple[dict[str, _Seen], dict[str, _Wrong]]:
    """What is remembered of the specs, of right ones and of wrong ones.

    Of those that were not parsed only as long as `index.json` is the same file.
    """
    try:
        data = read_object(_seen_file(path), _MOST_BYTES, _MOST_VALUES)
        if data["format"] != _SEEN_FORMAT or data["path"] != str(path):
            return {}, {}
        same = data["index"] == stamp
        found = {item[3]: _Seen(item[0], item[1], item[2], IndexEntry(*item[3:])) for item in data["seen"]}
        seen = {name: each for name, each in found.items() if (each.parsed or same) and is_well_formed(each.entry)}
        wrong = {name: _Wrong(*item) for name, *item in (data["wrong"] if data["judges"] == _judges() else ())}
        if not all(isinstance(each.problem, str) for each in wrong.values()):
            return {}, {}
        return seen, wrong
    except (OSError, UserError, KeyError, TypeError, ValueError, IndexError):
        return {}, {}


def _write_seen(path: Path, stamp: list[int], seen: dict[str, _Seen], wrong: dict[str, _Wrong]) -> None:
    """Notes what was parsed, or compared. Where the cache cannot be written, the next look compares again."""
    newest = time.time_ns() - _TIMES

    def sure(mtime_ns: int) -> int:
        return mtime_ns if mtime_ns < newest else 0

    rows = [[s.size, sure(s.mtime_ns), s.parsed, *s.entry] for s in seen.values()]
    told, left = [], _MOST_TOLD
    for name, each in wrong.items():
        left -= len(each.problem)
        if left >= 0:
            told.append([name, each.size, sure(each.mtime_ns), each.spec_hash, each.problem])
    data = {"format": _SEEN_FORMAT, "path": str(path), "index": stamp, "seen": rows}
    data |= {"judges": _judges(), "wrong": told}
    with contextlib.suppress(OSError, UserError):
        write_whole(_seen_file(path), json.dumps(data, ensure_ascii=False))
