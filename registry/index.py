"""What is in a collection, without reading its specs: the index, and the collections that are known.

`index.json` in the collection holds, for every spec, the hash of its bytes and the few fields that registering and
listing need. It can be copied, packed and committed, and it is only believed for a spec whose bytes still have that
hash. So that not even the bytes have to be read each time, the cache folder remembers size and time of change of the
specs that were compared. A spec that was changed, added or removed is noticed in any case; only what changed is parsed.

Known are the shipped collection, those in the environment variable ``SYNTHGYM_COLLECTIONS``, those that installed
packages announce under the entry-point group ``synthgym.collections`` (a path, a module, or a function that returns a
path), and those given to `add_collection` in this process, or in the one that started it. So are the tasks of a
checkout of MLGym's that ``SYNTHGYM_MLGYM_ROOT`` names, or that was given to `add_checkout`.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from synthgym.base.errors import FileError, SpecError, UnknownNameError, UserError
from synthgym.base.json_reading import parse_object, read_object
from synthgym.base.messages import warn
from synthgym.base.outputs import write_whole
from synthgym.base.paths import cache_dir
from synthgym.base.text import clipped, is_plain, one_line
from synthgym.registry.challenge import MOST_VERSION, SPEC_FILE, load_challenge
from synthgym.registry.collection import COLLECTION_FILE, CollectionInfo, load_info
from synthgym.registry.reading import read_file

INDEX_FILE = "index.json"
INDEX_FORMAT = 1
_SEEN_FORMAT = 3  # what was compared by an older release was checked for less
COLLECTIONS_VARIABLE = "SYNTHGYM_COLLECTIONS"
ENTRY_POINT_GROUP = "synthgym.collections"
MLGYM_VARIABLE = "SYNTHGYM_MLGYM_ROOT"
ADDED_VARIABLE = "SYNTHGYM_ADDED"
"""What was added in this process, as JSON, for those that it starts. Nobody else need set it."""
_CHECKOUTS = (MLGYM_VARIABLE, "add_checkout")
SHIPPED = Path(__file__).parent / "core"
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
        mlgym: Whether it is a checkout of MLGym's, whose tasks are made challenges of when they are used.
        table: Of a checkout: a file of what counts in its tasks, where the user gave one.
        reasons: Why a challenge cannot be run on this machine, by its id.
        images: Image that a challenge asks for, by its id, where the packages installed here do not make it up: it can
            be run if a container engine has it.
        aliases: Other names of challenges → their ids.
    """

    path: Path
    info: CollectionInfo
    entries: list[IndexEntry]
    problems: list[str] = field(default_factory=list)
    mlgym: bool = False
    table: Path | None = None
    reasons: dict[str, str] = field(default_factory=dict)
    images: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)

    @property
    def namespace(self) -> str:
        """First part of the environments' ids."""
        return self.info.namespace


_MOST_TEXT = 1000  # as of a `Line` in a spec
_KINDS = (str, int, str, str, str, str, bool, str, str)
"""Of an entry's values."""


class _Seen(NamedTuple):
    """A spec as it was when its bytes were last compared with the entry."""

    size: int
    mtime_ns: int
    entry: IndexEntry


def read_index(path: Path) -> CollectionIndex:
    """The index of the collection in the folder `path`, brought up to date.

    Raises:
        SpecError: The folder is no collection, or its `collection.yaml` is wrong. A wrong spec of a challenge is not
            raised: it is among `problems`.
    """
    path = path.expanduser().absolute()
    info = load_info(path)
    seen = _read_seen(path)
    shipped: dict[str, IndexEntry] | None = None
    entries: list[IndexEntry] = []
    problems: list[str] = []
    now: dict[str, _Seen] = {}
    for name, size, mtime_ns in _specs(path):
        known = seen.get(name)
        if known is None or (known.size, known.mtime_ns) != (size, mtime_ns):
            if shipped is None:
                shipped = _read_entries(path / INDEX_FILE)
            try:
                entry = _compare(path / name, (known.entry if known else None, shipped.get(name)))
            except SpecError as error:
                problems.append(str(error))
                continue
            except Exception as error:  # one bad spec costs one challenge, whatever is in it
                problems.append(clipped(f"{path / name}: cannot be read: {type(error).__name__}: {error}", 1000))
                continue
            known = _Seen(size, mtime_ns, entry)
        now[name] = known
        entries.append(known.entry)
    if now != seen:
        _write_seen(path, now)
    return CollectionIndex(path, info, entries, problems)


def write_index(path: Path) -> CollectionIndex:
    """Writes the collection's `index.json`, the same bytes for the same specs.

    Returns:
        The index. A challenge whose spec is wrong is not in it, but among `problems`.

    Raises:
        SpecError: `collection.yaml` is wrong.
    """
    index = read_index(path)
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


def _compare(folder: Path, candidates: Iterable[IndexEntry | None]) -> IndexEntry:
    """The candidate that was made of these very bytes; else one made now."""
    try:
        body = read_file(folder / SPEC_FILE)
    except OSError as error:
        raise SpecError(f"{folder / SPEC_FILE}: cannot be read: {error.strerror}") from error
    spec_hash = hashlib.sha256(body).hexdigest()
    for candidate in candidates:
        if candidate is not None and candidate.spec_hash == spec_hash and candidate.id == folder.name:
            return candidate
    from synthgym.registry.check import spec_problems  # only where something is parsed

    challenge = load_challenge(folder)
    # A metric of somebody's own may be made known later.
    if wrong := [what for what, check in spec_problems(challenge) if check != "metric"]:
        raise SpecError(f"{folder / SPEC_FILE}: {'; '.join(wrong)}")
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


def _read_entries(file: Path) -> dict[str, IndexEntry]:
    """The entries of an `index.json`; none where it is missing, damaged, or of another format."""
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
        and all(len(value) <= _MOST_TEXT and is_plain(value) for value in entry if isinstance(value, str))
        and 0 <= entry.version <= MOST_VERSION
        and entry.split in ("train", "heldout")
        and entry.kind in ("file", "module", "mlgym")
        and all(re.fullmatch("[0-9a-f]{0,64}", text) for text in (entry.content_hash, entry.spec_hash))
    )


def _seen_file(path: Path) -> Path:
    return cache_dir("indexes") / f"{hashlib.sha256(os.fsencode(path)).hexdigest()[:32]}.json"


def _read_seen(path: Path) -> dict[str, _Seen]:
    try:
        data = read_object(_seen_file(path), _MOST_BYTES, _MOST_VALUES)
        if data["format"] != _SEEN_FORMAT or data["path"] != str(path):
            return {}
        found = {item[2]: _Seen(item[0], item[1], IndexEntry(*item[2:])) for item in data["seen"]}
        return {name: seen for name, seen in found.items() if _well_formed(seen.entry)}
    except (OSError, UserError, KeyError, TypeError, IndexError):
        return {}


def _write_seen(path: Path, seen: dict[str, _Seen]) -> None:
    """Notes what was compared. Where the cache cannot be written, the next look compares again."""
    newest = time.time_ns() - _TIMES
    rows = [[s.size, s.mtime_ns if s.mtime_ns < newest else 0, *s.entry] for s in seen.values()]
    data = {"format": _SEEN_FORMAT, "path": str(path), "seen": rows}
    with contextlib.suppress(OSError, UserError):
        write_whole(_seen_file(path), json.dumps(data, ensure_ascii=False))


def _inherited() -> tuple[list[Path], dict[Path, Path | None]]:
    """What the process that started this one had added, where it is still there."""
    try:
        said = parse_object(os.environ.get(ADDED_VARIABLE) or "{}")
        collections = [Path(path) for path in said.get("collections", [])]
        checkouts = {Path(path): Path(table) if table else None for path, table in said.get("checkouts", [])}
    except (AttributeError, TypeError, ValueError):
        return [], {}
    return [path for path in collections if path.is_dir()], {p: t for p, t in checkouts.items() if p.is_dir()}


_added, _added_checkouts = _inherited()


def _pass_on() -> None:
    os.environ[ADDED_VARIABLE] = json.dumps(
        {
            "collections": [str(path) for path in _added],
            "checkouts": [(str(path), str(table) if table else None) for path, table in _added_checkouts.items()],
        }
    )


def add_checkout(path: Path | str, table: Path | str | None = None) -> CollectionIndex:
    """Makes the tasks of a checkout of MLGym's known in this process, and in those that it starts from now on.

    Args:
        path: The checkout.
        table: A file of what counts in tasks that we do not know; see `synthgym.registry.mlgym.table`.

    Raises:
        SpecError: It is none, or the table is wrong.
    """
    index = _read_checkout(Path(path), Path(table).expanduser().absolute() if table else None)
    _added_checkouts[index.path] = index.table
    _pass_on()
    return index


def add_collection(path: Path | str) -> CollectionIndex:
    """Makes a collection known in this process, and in those that it starts from now on.

    Args:
        path: A folder, or ``hf://user/name@revision`` on the Hub.

    Raises:
        SpecError: The folder is no collection, or a spec in it is wrong, or a file that each challenge has is missing.
        HubRefused: The Hub does not give it.
        HubError: The Hub failed.
    """
    if isinstance(path, str) and path.startswith("hf://"):
        from synthgym.registry.hub import resolve

        path = resolve(path)
    index = read_index(Path(path))
    problems = [*index.problems, *_incomplete(index)]
    if problems:
        raise SpecError("\n".join(problems))
    if index.path not in _added:
        _added.append(index.path)
        _pass_on()
    return index


def drop_collection(index: CollectionIndex) -> None:
    """Takes back `add_collection`."""
    if index.path in _added:
        _added.remove(index.path)
        _pass_on()


def _incomplete(index: CollectionIndex) -> Iterator[str]:
    """Challenges that lack what each has. The rest of `synthgym check` comes when one is made: it takes longer."""
    from synthgym.registry.check import missing_files
    from synthgym.registry.metrics import get_metric

    for entry in index.entries:
        folder = index.path / entry.id
        if entry.kind == "file":
            try:
                get_metric(entry.metric)
            except UnknownNameError as error:
                yield f"{folder / SPEC_FILE}: field 'metric.name': {error}"
        if folder.is_symlink():
            yield one_line(f"{folder}: a link, to {os.readlink(folder)}")
        for path, what in missing_files(folder, entry.kind):
            yield f"{path}: {what}"


def known_collections() -> list[CollectionIndex]:
    """The indexes of all known collections, the shipped one first.

    One that is broken is left out with a warning that names the file: somebody's half-finished collection must not stop
    everything else.
    """
    found: dict[Path, CollectionIndex] = {}
    for origin, value in _sources():
        try:
            path = _located(value)
            if path.resolve() in found:
                continue
            index = _read_checkout(path) if origin in _CHECKOUTS else read_index(path)
        except Exception as error:
            warn(f"{origin}: collection left out: {clipped(str(error), 1000)}", stacklevel=2)
            continue
        found[path.resolve()] = index
        for problem in index.problems:
            warn(f"{origin}: challenge left out: {problem}", stacklevel=2)
    return list(found.values())


def _sources() -> Iterator[tuple[str, object]]:
    """Who names a collection, and what they name it by."""
    if (SHIPPED / COLLECTION_FILE).is_file():
        yield "the shipped collection", SHIPPED
    for name in os.environ.get(COLLECTIONS_VARIABLE, "").split(os.pathsep):
        if name:
            yield COLLECTIONS_VARIABLE, name
    for point in entry_points(group=ENTRY_POINT_GROUP):
        yield f"entry point {point.name!r}", point
    for path in _added:
        yield "add_collection", path
    if checkout := os.environ.get(MLGYM_VARIABLE):
        yield MLGYM_VARIABLE, checkout
    for path in _added_checkouts:
        yield "add_checkout", path


def _read_checkout(path: Path, table: Path | None = None) -> CollectionIndex:
    from synthgym.registry.mlgym.index import mlgym_index

    return mlgym_index(path, table or _added_checkouts.get(path))


def _located(value: object) -> Path:
    if isinstance(value, EntryPoint):
        value = value.load()
    if isinstance(value, ModuleType):
        value = next(iter(value.__path__))
    elif callable(value):
        value = value()
    if not isinstance(value, str | os.PathLike):
        raise SpecError(f"expected a path, a package, or a function that returns a path; got {value!r}")
    return Path(value).expanduser().absolute()
