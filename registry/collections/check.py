"""Whether a collection on disk is what it should be: specs and layout. Nothing in it is run; see `synthgym verify`."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from synthgym.base.errors import SpecError, UserError
from synthgym.base.text import clipped, one_line
from synthgym.registry.challenge import Challenge, content_hash, load_challenge
from synthgym.registry.collections.entries import INDEX_FILE, entry_of, read_entries
from synthgym.registry.collections.info import COLLECTION_FILE, challenge_ids, load_info
from synthgym.registry.collections.pack import is_pack, member_name, read_pack
from synthgym.registry.collections.unpack import challenge_folder, damaged
from synthgym.registry.data import missing_data
from synthgym.registry.files import file_errors, irregular_beside, irregular_files
from synthgym.registry.host_limits import over_limits
from synthgym.registry.names import SPEC_FILE
from synthgym.registry.programs import MOST_PROGRAMS, not_python
from synthgym.registry.sealing import SEAL_FILE, is_sealed, reference_list
from synthgym.registry.spec_check import NO_STARTER, missing_files, number_problems, spec_problems
from synthgym.registry.yaml_reading import read_file

MOST_FILES = 10_000
MOST_BYTES = 1 << 30
"""What a challenge's folder may hold: it is read whole for the content hash."""

_SIMPLE = re.compile(r"[^;&|<>$()`\n]*")
_PROGRAMS = {"prepare.py": "prepare", "evaluate.py": "grader"}
"""Checks that a program of the grader fails when it is none."""


@dataclass(frozen=True)
class Problem:
    """Something that is not as it should be.

    Attributes:
        path: The file or folder it is about.
        what: What was expected, what came.
        check: What verification calls it: ``spec``, ``metric``, ``layout``, ``prepare``, ``grader`` or ``budget``; see
            `docs/guides/challenges.md`. ``scores``: what it would measure anew.
    """

    path: Path
    what: str
    check: str = "spec"

    def __str__(self) -> str:
        """One line, the file first."""
        return one_line(f"{self.path}: {self.what}")


def check_collection(path: Path) -> list[Problem]:
    """What is wrong with the collection in the folder, or in the pack, `path`; nothing if the list is empty.

    A single challenge's folder can be given as well. Challenges of a pack are unpacked into the cache.

    Raises:
        SpecError: There is no such folder, or it is neither a collection nor a challenge.
    """
    path = path.expanduser().absolute()
    if is_pack(path):
        return list(_check_pack(path))
    is_collection = os.path.lexists(path / COLLECTION_FILE)
    if not is_collection and os.path.lexists(path / SPEC_FILE):
        return check_challenge(path.resolve())
    if not is_collection:
        load_info(path)  # raises: says that there is none
    problems: list[Problem] = []
    try:
        load_info(path)
    except SpecError as error:
        problems += _of_spec(path / COLLECTION_FILE, error)
    problems += [Problem(odd, what, "layout") for odd, what in irregular_beside(path) if odd.name != COLLECTION_FILE]
    ids = challenge_ids(path)
    for folder in sorted(path.iterdir()):
        if folder.is_symlink():
            continue
        if folder.name in ids:
            problems += check_challenge(folder)
        elif folder.name[0] not in "._" and ((folder / "workspace").exists() or (folder / "grader").exists()):
            problems.append(Problem(folder, f"has a challenge's folders but no {SPEC_FILE}", "layout"))
    problems += _check_index(path, ids)
    if not ids:
        problems.append(Problem(path, f"holds no challenge: no folder with a {SPEC_FILE}", "layout"))
    return problems


def _check_pack(path: Path) -> Iterator[Problem]:
    """What is wrong with a pack, and with each of its challenges."""
    try:
        pack = read_pack(path)
    except SpecError as error:
        yield Problem(path, str(error).removeprefix(f"{path}: "), "layout")
        return
    for what in pack.problems:
        yield Problem(path, what.removeprefix(f"{path}: "), "layout")
    broken = dict(damaged(pack))
    for member, what in broken.items():
        yield Problem(path, clipped(f"{member}: {what}", 500), "layout")
    for name in pack.entries:
        if member_name(name) in broken:  # though the cache may have it
            continue
        try:
            yield from check_challenge(challenge_folder(path, name))
        except SpecError as error:
            yield Problem(path, str(error).removeprefix(f"{path}: "), "layout")
    if not pack.entries:
        yield Problem(path, "holds no challenge", "layout")


def _check_index(path: Path, ids: Iterable[str]) -> Iterator[Problem]:
    """Entries of the index that say otherwise than the spec of those very bytes. One of other bytes is merely old."""
    stated = read_entries(path / INDEX_FILE)
    for name in ids:
        if name not in stated:
            continue
        try:
            spec_hash = hashlib.sha256(read_file(path / name / SPEC_FILE)).hexdigest()
            entry = entry_of(load_challenge(path / name), spec_hash)
        except (OSError, SpecError):  # told where the challenge is checked
            continue
        if stated[name].spec_hash == spec_hash and stated[name] != entry:
            pairs = zip(entry._fields, entry, stated[name], strict=True)
            wrong = ", ".join(f"{field} {said!r} for {true!r}" for field, true, said in pairs if said != true)
            what = f"says of {name} what its spec does not: {wrong}; synthgym verify makes the index anew"
            yield Problem(path / INDEX_FILE, what, "layout")


def check_challenge(folder: Path, stated: bool = True) -> list[Problem]:
    """What is wrong with one challenge's folder; nothing if the list is empty.

    Args:
        folder: The challenge's folder.
        stated: Whether what verification has written there counts too: the content hash, and the scores, as far as they
            can be wrong by themselves. Not for who is about to verify it.
    """
    folder = folder.expanduser().absolute()
    try:
        return list(_check_challenge(folder, stated))
    except UserError:
        raise
    except Exception as error:  # a stranger's folder costs itself, whatever is in it
        return [Problem(folder, f"cannot be checked: {type(error).__name__}: {clipped(str(error), 200)}", "layout")]


def require_plain_top(collection: Path) -> None:
    """Sees, before anything is written beside a collection's challenges, that nothing there leads elsewhere.

    A challenge that does costs itself alone, when it is checked.

    Raises:
        SpecError: Something does; names each.
    """
    ids = challenge_ids(collection)
    if told := [f"{path}: {what}" for path, what in irregular_beside(collection) if path.name not in ids]:
        raise SpecError("\n".join(map(one_line, told)))


def require_sound(folder: Path, challenge: Challenge) -> None:
    """What is wrong with a challenge's fields and files, as an error; see `check_challenge`.

    Raises:
        SpecError: Something is wrong; names each file and field.
    """
    with file_errors(folder):
        problems = list(_check_folder(challenge, folder))
    if problems:
        raise SpecError("\n".join(str(problem) for problem in problems))


def _of_spec(file: Path, error: SpecError) -> list[Problem]:
    """A spec's error as problems; its text names the file already, before each of them."""
    first, *others = str(error).split(f"\n{file}: ")
    return [Problem(file, what) for what in (first.replace(f"{file}: ", ""), *others)]


def _check_challenge(folder: Path, stated: bool) -> Iterator[Problem]:
    if folder.is_symlink():
        yield Problem(folder, f"a link, to {os.readlink(folder)}", "layout")
        return
    spec = folder / SPEC_FILE
    try:
        challenge = load_challenge(folder)
    except SpecError as error:
        yield from _of_spec(spec, error)
        return
    of_folder = list(_check_folder(challenge, folder))
    yield from of_folder
    hashed = challenge.provenance.content_hash
    if not stated or not hashed:
        return
    if not of_folder:
        for what in number_problems(challenge):
            yield Problem(spec, what, "scores")
    if not any(problem.check not in ("spec", "metric", "budget") for problem in of_folder):
        try:
            found = content_hash(challenge, folder)
        except SpecError as error:
            yield Problem(folder, str(error).removeprefix(f"{folder}: "), "layout")
            return
        if found != hashed:
            yield Problem(
                spec,
                f"field 'provenance.content_hash': the challenge is not the one that was verified: expected {hashed}, "
                f"got {found}; give it a new version and run: synthgym verify",
            )


def _check_folder(challenge: Challenge, folder: Path) -> Iterator[Problem]:
    """The spec's fields, and the files beside it."""
    spec = folder / SPEC_FILE
    irregular = [Problem(path, what, "layout") for path, what in irregular_files(folder)]
    yield from irregular
    if not irregular:
        yield from _check_size(folder)
    yield from _check_layout(challenge, folder)
    for what in missing_data(challenge.dataset, folder):
        yield Problem(spec, what, "layout")
    for what, check in spec_problems(challenge):
        yield Problem(spec, what, check)
    for what in _check_baseline(challenge, folder / "workspace"):
        yield Problem(spec, what)
    for what in over_limits(challenge.budget):
        yield Problem(spec, what, "budget")


def _check_size(folder: Path) -> Iterator[Problem]:
    sizes = [os.path.getsize(os.path.join(place, name)) for place, _, names in os.walk(folder) for name in names]
    if len(sizes) > MOST_FILES or sum(sizes) > MOST_BYTES:
        yield Problem(
            folder,
            f"expected at most {MOST_FILES:,} files of {MOST_BYTES >> 20} MiB together, got {len(sizes):,} of "
            f"{sum(sizes) / (1 << 20):.0f} MiB",
            "layout",
        )


def _check_layout(challenge: Challenge, folder: Path) -> Iterator[Problem]:
    workspace, grader = folder / "workspace", folder / "grader"
    if workspace.is_dir() and not any(workspace.iterdir()):
        yield Problem(workspace, NO_STARTER, "layout")
    if (workspace / "data").exists():
        yield Problem(workspace / "data", "the name is taken: grader/prepare.py makes this folder", "layout")
    for path, what in missing_files(folder, challenge.submission.kind):
        yield Problem(path, what, "layout")
    starter = workspace / challenge.submission.path
    if challenge.submission.kind == "module" and not starter.is_file():
        what = "missing; the starter of a challenge of kind 'module' is its first submission"
        yield Problem(starter, what, "layout")
    if is_sealed(folder) and (grader / "reference").is_dir():
        seal = grader / SEAL_FILE
        if seal.read_bytes() != reference_list(grader):
            yield Problem(
                seal, "not the seal of grader/reference/ as it is; seal it again with: synthgym verify --seal", "layout"
            )
    scripts = sorted(grader.glob("*.py"))
    if len(scripts) > MOST_PROGRAMS:
        yield Problem(grader, f"expected at most {MOST_PROGRAMS} Python files in it, got {len(scripts):,}", "layout")
        return
    for script in scripts:
        if why := not_python(script):
            yield Problem(script, why, _PROGRAMS.get(script.name, "layout"))


def _check_baseline(challenge: Challenge, workspace: Path) -> Iterator[str]:
    command = challenge.baseline.command
    try:
        words = shlex.split(command)
    except ValueError as error:
        yield f"field 'baseline.command': not a shell command ({error}); got {command!r}"
        return
    if not words:
        yield "field 'baseline.command': expected the command that runs the starter, got nothing"
    for word in words if _SIMPLE.fullmatch(command) else ():  # else it may go elsewhere first, or write it
        if word.endswith((".py", ".sh")) and not word.startswith("data/") and not (workspace / word).is_file():
            yield f"field 'baseline.command': {word!r} is not in workspace/"
