"""Where the data of a challenge comes from: bundled with scikit-learn, in its own folder, or on the Hugging Face Hub.

Only the files that the spec lists are fetched, as they are: nothing here reads what is in them. Those of the Hub come
from one commit, which the spec names, and are kept in the Hub client's own cache; a loader script is never fetched.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

from synthgym.base.errors import HubRefused, UserError
from synthgym.registry.challenge import MOST_DATA, Dataset
from synthgym.registry.files import file_errors
from synthgym.registry.hub.access import call_hub, check_name, is_commit
from synthgym.registry.hub.cache import cache_folder

DATA_SUFFIXES = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".parquet", ".npy", ".npz")
"""What is fetched from the Hub, each also with ``.gz`` behind it.

NumPy's two can carry pickled objects, which run code when they are loaded. They are only ever loaded by `prepare.py`,
in a sandbox without network that runs code nobody trusts in any case.
"""


def fetch(dataset: Dataset, folder: Path, target: Path, name: str) -> None:
    """Copies the listed data files, and nothing else, into the new folder `target`, by their last names.

    Args:
        dataset: Where they are.
        folder: The challenge's folder.
        target: A folder that does not exist yet.
        name: The challenge's id, for errors.

    Raises:
        UserError: A file is missing, lies elsewhere, cannot be data, or is too large; two have the same last name.
        HubRefused: The Hub will not give it: missing, gated, private, disabled.
        HubError: The Hub failed.
    """
    for what in dataset_problems(dataset):
        raise UserError(f"{name}: {what}")
    if dataset.source == "huggingface":
        found = _from_hub(dataset, name)
    else:
        found = _from_folder(_base(dataset, folder, name), dataset.files, name)
    target.mkdir()
    total = 0
    for listed, path in found:
        total += path.stat().st_size
        _check_size(total, name)
        shutil.copyfile(path, target / PurePosixPath(listed).name)


def may_be_data(path: str) -> bool:
    """Whether a file of the Hub can be fetched, by its name."""
    return path.lower().removesuffix(".gz").endswith(DATA_SUFFIXES)


def dataset_problems(dataset: Dataset) -> Iterator[str]:
    """What is wrong with what a spec says of its data, as far as one can tell without looking there."""
    seen: dict[str, str] = {}
    for file in dataset.files:
        last = PurePosixPath(file).name
        other = seen.setdefault(last, file)
        if other != file or not last:
            yield (
                "field 'dataset.files': expected files with different last names, because prepare.py finds them in "
                f"one folder; got {other!r} and {file!r}"
            )
    if dataset.source == "local":
        yield from _outside(dataset)
    if dataset.source != "huggingface":
        return
    if not is_commit(dataset.revision):
        yield (
            f"field 'dataset.revision': expected a commit of {dataset.path} (40 hexadecimal digits), which stays "
            f"what it is, got {dataset.revision!r}"
        )
    for file in dataset.files:
        if not _inside(file) or not may_be_data(file):
            yield (
                f"field 'dataset.files': expected data files ({', '.join(DATA_SUFFIXES)}, also with .gz), got "
                f"{file!r}; loader scripts and other code are not fetched"
            )


def _outside(dataset: Dataset) -> Iterator[str]:
    """Which paths of a challenge's own data lead out of its folder, whatever is there."""
    if dataset.path not in ("", ".") and not _inside(dataset.path.rstrip("/")):
        yield f"field 'dataset.path': expected a folder inside the challenge's, got {dataset.path!r}"
    for file in dataset.files:
        if not _inside(file):
            yield f"field 'dataset.files': {file!r} is not in the folder 'dataset.path'"


def missing_data(dataset: Dataset, folder: Path) -> Iterator[str]:
    """Which of the files that come with the challenge, or with scikit-learn, are not there."""
    if dataset.source not in ("local", "sklearn"):
        return
    try:
        for _ in _from_folder(_base(dataset, folder, folder.name), dataset.files, folder.name):
            pass
    except UserError as error:
        told = str(error).removeprefix(f"{folder.name}: ").removeprefix("field 'dataset.path': ")
        yield f"field 'dataset': {told}"


def _check_size(total: int, name: str) -> None:
    if total > MOST_DATA:
        raise UserError(
            f"{name}: field 'dataset.files': expected at most {MOST_DATA >> 20} MiB of data, "
            f"got {total / (1 << 20):.0f} MiB or more; list fewer or smaller files"
        )


def _base(dataset: Dataset, folder: Path, name: str) -> Path:
    """The folder that a challenge's files lie in."""
    if dataset.source == "sklearn":
        package = find_spec("sklearn")
        if package is None or package.origin is None:
            raise UserError(f"{name}: its data is bundled with scikit-learn, which is not installed")
        return (Path(package.origin).parent / "datasets" / "data").resolve()
    with file_errors(folder):
        base = (folder / dataset.path).resolve()
        inside = base.is_relative_to(folder.resolve())
    if not inside:
        raise UserError(f"{name}: field 'dataset.path': expected a folder inside {folder}, got {base}")
    return base


def _from_folder(base: Path, files: Iterable[str], name: str) -> Iterator[tuple[str, Path]]:
    for file in files:
        with file_errors(base):
            path = (base / file).resolve()
            is_there = path.is_relative_to(base) and path.is_file()
        if not is_there:
            raise UserError(f"{name}: data file {file!r} is not in {base}")
        yield file, path


def _from_hub(dataset: Dataset, name: str) -> Iterator[tuple[str, Path]]:
    """Downloads what is not in the client's cache yet; nothing is asked where everything is."""
    from huggingface_hub import try_to_load_from_cache

    repo_id, revision = dataset.path, dataset.revision or ""
    try:
        check_name(repo_id)
        cached = {
            file: try_to_load_from_cache(
                repo_id, file, revision=revision, repo_type="dataset", cache_dir=cache_folder()
            )
            for file in dataset.files
        }
        if not all(isinstance(path, str) for path in cached.values()):
            sizes = _sizes_on_hub(repo_id, revision, dataset.files, name)
    except HubRefused as error:
        raise _with_name(error, name) from None
    for file, path in cached.items():
        yield file, Path(path) if isinstance(path, str) else _download(repo_id, revision, file, sizes[file], name)


def _inside(file: str) -> bool:
    return not file.startswith("/") and "\\" not in file and not {"", ".", ".."} & set(file.split("/"))


def _sizes_on_hub(repo_id: str, revision: str, files: list[str], name: str) -> dict[str, int]:
    """Sizes of the files, if all are there and small enough; asked before the first is downloaded."""
    infos = call_hub(
        "its data files",
        repo_id,
        lambda api: api.get_paths_info(repo_id, files, revision=revision, repo_type="dataset"),
    )
    sizes = {info.path: int(getattr(info, "size", 0)) for info in infos if hasattr(info, "blob_id")}
    for file in files:
        if file not in sizes:
            raise UserError(f"{name}: data file {file!r} is not in {repo_id} at revision {revision}")
    _check_size(sum(sizes.values()), name)
    return sizes


def _download(repo_id: str, revision: str, file: str, size: int, name: str) -> Path:
    try:
        path = call_hub(
            f"file {file!r}",
            repo_id,
            lambda api: api.hf_hub_download(
                repo_id, file, revision=revision, repo_type="dataset", cache_dir=cache_folder()
            ),
            file_bytes=size,
        )
    except HubRefused as error:
        raise _with_name(error, name) from None
    return Path(str(path))


def _with_name(error: HubRefused, name: str) -> HubRefused:
    return HubRefused(error.kind, f"{name}: its data cannot be had: {error}")
