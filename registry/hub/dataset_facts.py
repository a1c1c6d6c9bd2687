"""What the Hugging Face Hub knows of a dataset, for whoever makes challenges of datasets.

A dataset is fit if its data are plain files under a licence that lets others use them, of a size that a challenge can
have, at a commit that stays. What is in them comes from the Hub's dataset viewer, where that answers: nothing is
downloaded, and no code of the dataset is fetched or run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Literal

from synthgym.base.errors import HubRefused, SynthgymError
from synthgym.registry.hub.access import HubFile, call_hub, list_files, search_datasets
from synthgym.registry.hub.dataset_viewer import Look, look

CONVERTED = "refs/convert/parquet"
"""Where the Hub keeps what it converted itself."""

OPEN_LICENCES = frozenset(
    [
        "afl-3.0",
        "apache-2.0",
        "artistic-2.0",
        "bsd",
        "bsd-2-clause",
        "bsd-3-clause",
        "bsl-1.0",
        "cc-by-2.0",
        "cc-by-2.5",
        "cc-by-3.0",
        "cc-by-4.0",
        "cc-by-sa-3.0",
        "cc-by-sa-4.0",
        "cc0-1.0",
        "cdla-permissive-1.0",
        "cdla-permissive-2.0",
        "cdla-sharing-1.0",
        "etalab-2.0",
        "isc",
        "mit",
        "mpl-2.0",
        "odbl",
        "odc-by",
        "pddl",
        "unlicense",
        "wtfpl",
        "zlib",
    ]
)
"""Licences, by the names that the Hub gives them, that let anybody use, change and pass on the data."""

_FORMATS = (".csv", ".tsv", ".jsonl", ".parquet")
_MOST_FILES = 20

Unfit = Literal[
    "missing", "gated", "private", "disabled", "no licence", "licence", "too large", "script only", "no data files"
]


class DatasetUnfit(SynthgymError):
    """A dataset that no challenge can be made of; `kind` says why in a word, the text in a sentence."""

    def __init__(self, kind: Unfit, text: str) -> None:
        super().__init__(text)
        self.kind: Unfit = kind

    def __reduce__(self) -> tuple[type[DatasetUnfit], tuple[Unfit, str]]:
        return type(self), (self.kind, str(self))


@dataclass(frozen=True)
class DatasetFacts:
    """What is known of a dataset that is fit.

    Attributes:
        repo_id: Its name now: another than was asked for where it was renamed.
        revision: The commit that `files` belong to: of the main branch, or of the Hub's conversion to parquet.
        licence: As the Hub names it; several are joined by a comma.
        description: The Hub's summary, in one line; may be empty.
        files: Those chosen for use, all in one folder, so that their last names differ.
        converted: Whether the files are the Hub's conversion rather than the author's own.
        configs: Names of the configurations; None where the viewer did not answer.
        splits: Names of the splits of the first configuration; None likewise.
        features: Names and types of the columns; None likewise.
        rows: A few example rows, long values cut; None likewise.
    """

    repo_id: str
    revision: str
    licence: str
    description: str
    files: tuple[HubFile, ...]
    converted: bool
    configs: tuple[str, ...] | None = None
    splits: tuple[str, ...] | None = None
    features: dict[str, str] | None = field(default=None, hash=False)
    rows: tuple[dict[str, Any], ...] | None = field(default=None, hash=False)

    @property
    def bytes(self) -> int:
        """Size of the chosen files together."""
        return sum(file.size for file in self.files)


@dataclass(frozen=True)
class Candidate:
    """A dataset that a search found. `licence` is None where none is stated; `summary` may be empty."""

    repo_id: str
    downloads: int
    licence: str | None
    summary: str


def lookup(
    repo_id: str, most_bytes: int, allowed_licences: Collection[str] | None = None, config: str | None = None
) -> DatasetFacts:
    """What is known of a dataset, and which of its files to use.

    Args:
        repo_id: ``user/name``.
        most_bytes: What the chosen files may have together.
        allowed_licences: By the Hub's names; `OPEN_LICENCES` by default. All that a dataset names must be among them.
        config: Files of this configuration come first, where their paths tell.

    Raises:
        DatasetUnfit: No challenge can be made of it.
        HubError: The Hub failed.
        HubRefused: The Hub refuses for a reason that is not the dataset's: no network allowed, a wrong key.
    """
    info = _of_dataset(repo_id, lambda: call_hub("what it is", repo_id, lambda api: api.dataset_info(repo_id)))
    if info.disabled:
        raise DatasetUnfit("disabled", f"{repo_id}: disabled by the Hub")
    if info.private:
        raise DatasetUnfit("private", f"{repo_id}: private; others could not fetch it")
    if info.gated:
        raise DatasetUnfit("gated", f"{repo_id}: gated; others could not fetch it without asking for access")
    licence = _licence(info, repo_id, OPEN_LICENCES if allowed_licences is None else allowed_licences)
    name, revision, converted = str(info.id), str(info.sha), False
    listed = _files(name, revision)
    usable = [file for file in listed if _format(file.path)]
    if not usable:
        revision, usable = _conversion(name)
        converted = True
    if not usable:
        if any(file.path.endswith(".py") for file in listed):
            raise DatasetUnfit("script only", f"{repo_id}: only a script can load it, and scripts are not run")
        raise DatasetUnfit("no data files", f"{repo_id}: no {', '.join(_FORMATS)} files, and no conversion to parquet")
    chosen = _choose(usable, most_bytes, config)
    if not chosen:
        smallest = min(file.size for file in usable)
        raise DatasetUnfit("too large", f"{repo_id}: its smallest file has {smallest:,} bytes, over {most_bytes:,}")
    seen: Look = look(name, str(info.sha))
    return DatasetFacts(name, revision, licence, _one_line(info.description), chosen, converted, *seen)


def search(words: str, limit: int) -> list[Candidate]:
    """Datasets of the Hub whose names come nearest to some words: most of the words first, then most downloads.

    Raises:
        HubError: The Hub failed.
        HubRefused: The Hub refuses: no network allowed, a wrong key.
    """
    terms = list(dict.fromkeys(words.lower().split()))
    long = sorted((term for term in terms if len(term) > 2), key=len, reverse=True)
    found: dict[str, tuple[int, Candidate]] = {}
    for query in dict.fromkeys([" ".join(terms), "-".join(terms), *long]):
        for item in search_datasets(query, limit):
            if item.get("private") or item.get("gated") or item.get("disabled"):
                continue
            name, summary = str(item["id"]), _one_line(item.get("description"))
            held = sum(term in f"{name} {summary}".lower() for term in terms)
            licences = _licences((item.get("cardData") or {}).get("license"), item.get("tags"))
            candidate = Candidate(name, int(item.get("downloads") or 0), ", ".join(licences) or None, summary)
            found.setdefault(name, (held, candidate))
    best = sorted(found.values(), key=lambda each: (-each[0], -each[1].downloads, each[1].repo_id))
    return [candidate for _, candidate in best[:limit]]


def _of_dataset(repo_id: str, request: Any) -> Any:
    """A call whose refusals are the dataset's own."""
    try:
        return request()
    except HubRefused as error:
        kinds: dict[str, Unfit] = {
            "missing": "missing",
            "name": "missing",
            "gated": "gated",
            "disabled": "disabled",
            "too large": "too large",
        }
        if error.kind not in kinds:
            raise
        raise DatasetUnfit(kinds[error.kind], str(error)) from None


def _licences(stated: Any, tags: Iterable[str] | None) -> list[str]:
    """What the card states, else the Hub's tags, in lower case."""
    found = stated or [tag.removeprefix("license:") for tag in tags or [] if tag.startswith("license:")]
    named = [found] if isinstance(found, str) else list(found)
    return [str(name).lower() for name in named if str(name).lower() not in ("", "unknown", "none")]


def _licence(info: Any, repo_id: str, allowed: Collection[str]) -> str:
    licences = _licences(getattr(info.card_data, "license", None), info.tags)
    if not licences:
        raise DatasetUnfit("no licence", f"{repo_id}: states no licence")
    refused = [name for name in licences if name not in allowed]
    if refused:
        raise DatasetUnfit(
            "licence", f"{repo_id}: its licence is {', '.join(refused)}, which is not among those allowed"
        )
    return ", ".join(licences)


def _files(repo_id: str, revision: str) -> list[HubFile]:
    found: list[HubFile] = _of_dataset(repo_id, lambda: list_files(repo_id, revision))
    return found


def _conversion(repo_id: str) -> tuple[str, list[HubFile]]:
    """The commit of the Hub's conversion to parquet, and its files; nothing where there is none."""
    refs = call_hub("its refs", repo_id, lambda api: api.list_repo_refs(repo_id, repo_type="dataset"))
    for ref in refs.converts:
        if ref.ref == CONVERTED:
            commit = str(ref.target_commit)
            return commit, [file for file in _files(repo_id, commit) if _format(file.path) == ".parquet"]
    return "", []


def _format(path: str) -> str:
    """How a data file ends, whether packed or not; empty for any other file."""
    parts = PurePosixPath(path).parts
    if any(part.startswith(".") or part == ".." for part in parts):
        return ""
    suffix = PurePosixPath(path.lower().removesuffix(".gz")).suffix
    return suffix if suffix in _FORMATS else ""


def _choose(files: list[HubFile], most_bytes: int, config: str | None = None) -> tuple[HubFile, ...]:
    """Files of one folder and one format: a group that fits whole if there is one, else what fits of a group.

    Among those, one of the configuration that is asked for before others, one for training before others, then the
    larger. Of a group that does not fit, the shards that come first and fit: a sample of the data.
    """
    groups: dict[tuple[str, str], list[HubFile]] = {}
    for file in sorted(files, key=lambda file: ("train" not in file.path.lower(), file.path)):
        if file.size > 0:
            groups.setdefault((str(PurePosixPath(file.path).parent), _format(file.path)), []).append(file)
    options = []
    for (folder, _), group in sorted(groups.items()):
        taken: list[HubFile] = []
        for file in group:
            if len(taken) < _MOST_FILES and sum(each.size for each in taken) + file.size <= most_bytes:
                taken.append(file)
        train = any("train" in file.path.lower() for file in taken)
        whole = len(taken) == len(group)
        if taken:
            size = sum(file.size for file in taken)
            named = config is not None and config.lower() in PurePosixPath(folder.lower()).parts
            options.append(((not named, not train, not whole, -size, folder), tuple(taken)))
    return min(options, key=lambda option: option[0])[1] if options else ()


def _one_line(text: str | None, most: int = 300) -> str:
    words = " ".join((text or "").split())
    return words if len(words) <= most else words[: most - 1] + "…"
