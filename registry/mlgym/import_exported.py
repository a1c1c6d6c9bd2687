"""From a tree that was exported to MLGym's format back to the collection it was made of."""

from __future__ import annotations

import shutil
from pathlib import Path

from synthgym.base.errors import FileError, SpecError
from synthgym.base.json_reading import read_object
from synthgym.base.text import clipped
from synthgym.registry.challenge import content_hash, load_challenge
from synthgym.registry.collections.check import check_collection
from synthgym.registry.collections.collection import Collection
from synthgym.registry.collections.entries import INDEX_FILE
from synthgym.registry.collections.info import COLLECTION_FILE, challenge_ids
from synthgym.registry.files import build_new, file_errors, irregular_files
from synthgym.registry.mlgym.exported_format import COLLECTION_FOLDER, LIST_FILE, TREE_FORMAT

_MOST_BYTES = 64 << 20


def import_mlgym(path: Path, out: Path) -> Collection:
    """Makes a collection of the challenges in an exported tree: the same files, so the same content hashes.

    What MLGym reads of the tree (`configs/`, `data/`) is not looked at: it follows from the challenges. Nothing is run.

    Args:
        path: The tree, or the folder of MLGym's that it was copied into.
        out: The collection's folder: a new one, or an empty one.

    Raises:
        SpecError: It is no such tree, or its challenges are not those that were exported.
        OutputFolderError: `out` is not empty.
    """
    source = path.expanduser().absolute() / COLLECTION_FOLDER
    stated = _stated_hashes(source / LIST_FILE)
    with file_errors(source):
        irregular = next(irregular_files(source), None)
    if irregular:
        raise SpecError(f"{irregular[0]}: {irregular[1]}; a collection holds folders and regular files")
    problems = [problem for problem in check_collection(source) if problem.check != "scores"]  # as in the export
    if problems:
        raise SpecError("\n".join(str(problem) for problem in problems))
    ids = challenge_ids(source)
    if ids != sorted(stated):
        different = ", ".join(sorted(set(ids) ^ set(stated)))
        raise SpecError(f"{source / LIST_FILE}: lists other challenges than lie beside it: {different}")
    for name in ids:
        found = content_hash(load_challenge(source / name), source / name)
        if found != stated[name]:
            raise SpecError(
                f"{source / name}: not the challenge that was exported: expected content hash {stated[name]}, "
                f"got {found}"
            )

    def build(folder: Path) -> None:
        shutil.copyfile(source / COLLECTION_FILE, folder / COLLECTION_FILE)
        for name in ids:
            shutil.copytree(source / name, folder / name)

    collection = Collection.load(build_new(out, build))
    if (source / INDEX_FILE).exists():
        collection.reindex()
    return collection


def _stated_hashes(file: Path) -> dict[str, str]:
    """Ids of the challenges that were exported, and their content hashes."""
    try:
        data = read_object(file, links=False)
        version = data["format"]
        hashes = {str(task["challenge"]): str(task["content_hash"]) for task in data["tasks"]}
    except (FileNotFoundError, NotADirectoryError):
        raise SpecError(f"{file}: no such file; expected a tree that was made by: synthgym export-mlgym") from None
    except FileError as error:
        raise SpecError(str(error)) from error
    except (KeyError, TypeError) as error:
        raise SpecError(f"{file}: cannot be read: {clipped(repr(error), 200)}") from error
    if version != TREE_FORMAT:
        raise SpecError(f"{file}: field 'format': this synthgym reads {TREE_FORMAT}, got {version!r}")
    return hashes
