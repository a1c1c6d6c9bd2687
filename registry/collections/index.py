"""What is in a collection, without reading its specs: the index.

`index.json` in the collection holds, for every spec, the hash of its bytes and the few fields that registering needs.
It can be copied, packed and committed. Whoever shares a collection writes it, so it is believed for one thing only:
which ids `import synthgym` makes known, where the spec's bytes have that hash and this machine has not parsed them yet.
To list, check, choose or share challenges, and to make one, specs are parsed. The shipped collection's is believed.

So that not even the bytes have to be read each time, the cache folder remembers size and time of change of the specs,
whether they were parsed, and of those that are wrong why. A spec that was changed, added or removed is noticed; only
what changed is parsed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from synthgym.base.errors import FileError, SpecError, UserError
from synthgym.base.files.outputs import write_whole
from synthgym.base.files.paths import cache_dir
from synthgym.base.json_reading import read_object
from synthgym.base.text import clipped, is_plain
from synthgym.registry.challenge import (
    ID_PATTERN,
    KINDS,
    MOST_ID,
    MOST_NAME,
    MOST_TITLE,
    MOST_VERSION,
    SPEC_FILE,
    Challenge,
    load_challenge,
)
from synthgym.registry.collections.info import CollectionInfo, load_info
from synthgym.registry.yaml_reading import read_file

INDEX_FILE = "index.json"
INDEX_FORMAT = 1
_SEEN_FORMAT = 5  # what an older release kept was checked for less, or came out of an index
SHIPPED = Path(__file__).parents[1] / "core"
"""The collection that comes with synthgym."""

_MOST_BYTES, _MOST_VALUES = 16 << 20, 500_000
"""Of an index: tens of thousands of challenges."""
_TIMES = 2_000_000_000  # ns; a file that changed this recently might change again within one tick of its clock


class IndexEntry(NamedTuple):
    """What an index knows of a challenge.

    Attributes:
        id: The challenge's id, the name of its folder.
        version: Its version.
        split: ``train`` or ``heldout``.
        kind: Of its submission: ``file`` or ``module``.
        metric: Name of its metric.
        content_hash: As its provenance states it; empty before verification.
        verified: Whether an episode can be scored.
        title: For people.
        spec_hash: SHA-256 of the bytes of its `challenge.yaml`.
    """

    id: str
    version: int
    split: str
    kind: str
    metric: str
    content_hash: str
    verified: bool
    title: str
    spec_hash: str


@dataclass(frozen=True)
class CollectionIndex:
    """A collection as its index shows it.

    Attributes:
        path: Its folder, absolute.
        info: What its `collection.yaml` says.
        entries: Its challenges, in the order of their ids.
        problems: Why other challenges could not be read.
        source: Whose challenges are made when they are used, of what is in the folder; empty for a collection's. See
            `synthgym.registry.collections.sources`.
        options: What the source was given with the folder.
        reasons: Why a challenge cannot be run on this machine, by its id.
        images: Image that a challenge asks for, by its id, where the packages installed here do not make it up: it can
            be run if a container engine has it.
        aliases: Other names of challenges → their ids.
    """

    path: Path
    info: CollectionInfo
    entries: list[IndexEntry]
    problems: list[str] = field(default_factory=list)
    source: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    images: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)

    @property
    def namespace(self) -> str:
        """First part of the environments' ids."""
        return self.info.namespace


Believed = Literal["index", "cache", "nothing"]
"""What is taken for a spec that is not parsed now: what `index.json` says, or what was parsed on this machine."""

_KINDS = (str, int, str, str, str, str, bool, str, str)
"""Of an entry's values."""
_ID = re.compile(ID_PATTERN)


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
    """The index of the collection in the folder `path`, brought up to date.

    Args:
        path: The folder.
        believe: Where specs need not be parsed. ``index``: where its `index.json` has an entry for the spec's bytes,
            whoever wrote that. ``cache``: where this machine has parsed them already. ``nothing``: nowhere.

    Raises:
        SpecError: The folder is no collection, or its `collection.yaml` is wrong. A wrong spec of a challenge is not
            raised: it is among `problems`.
    """
    path = path.expanduser().absolute()
    info = load_info(path)
    stamp = _stamp(path / INDEX_FILE)
    seen, wrong = ({}, {}) if believe == "nothing" else _read_seen(path, stamp)
    trusted = believe == "index" or (believe == "cache" and path == SHIPPED)
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


def index_text(index: CollectionIndex) -> str:
    """What `index.json` says of the challenges that are in an index."""
    lines = ",\n".join(json.dumps(entry._asdict(), ensure_ascii=False) for entry in index.entries)
    return f'{{"format": {INDEX_FORMAT}, "challenges": [\n{lines}\n]}}\n'


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


def entry_of(challenge: Challenge, spec_hash: str) -> IndexEntry:
    """What an index says of a challenge whose spec's bytes have that hash."""
    return IndexEntry(
        id=challenge.id,
        version=challenge.version,
        split=challenge.split,
        kind=challenge.submission.kind,
        metric=challenge.metric.name,
        content_hash=challenge.provenance.content_hash,
        verified=challenge.verified,
        title=challenge.title,
        spec_hash=spec_hash,
    )


def read_entries(file: Path) -> dict[str, IndexEntry]:
    """The entries of an `index.json` that specs could have, be they true or not.

    None where it is missing, damaged, or of another format.
    """
    try:
        data = read_object(file, _MOST_BYTES, _MOST_VALUES, links=False)
        if data["format"] != INDEX_FORMAT:
            return {}
        entries = (IndexEntry(**item) for item in data["challenges"])
        return {entry.id: entry for entry in entries if _well_formed(entry)}
    except (OSError, FileError, KeyError, TypeError):
        return {}


def _well_formed(entry: IndexEntry) -> bool:
    """Whether an entry that came with a collection is one that we could have made: whoever shares it writes it."""
    return (
        all(type(value) is kind for value, kind in zip(entry, _KINDS, strict=True))
        and len(entry.id) <= MOST_ID
        and _ID.fullmatch(entry.id) is not None
        and 0 <= entry.version <= MOST_VERSION
        and entry.split in ("train", "heldout")
        and entry.kind in KINDS
        and len(entry.metric) <= MOST_NAME
        and is_plain(entry.metric)
        and len(entry.title) <= MOST_TITLE
        and is_plain(entry.title)
        and entry.title.strip() != ""
        and all(re.fullmatch("[0-9a-f]{0,64}", text) for text in (entry.content_hash, entry.spec_hash))
    )


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
        seen = {name: each for name, each in found.items() if (each.parsed or same) and _well_formed(each.entry)}
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
