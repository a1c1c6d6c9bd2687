"""Folders that a file system may hold and nobody makes by accident: each is an error that names the challenge."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import challenges
import pytest

from synthgym.base.errors import SynthgymError
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.workspace import prepare
from synthgym.registry.challenge import Dataset, content_hash
from synthgym.registry.collections.check import check_challenge, check_collection
from synthgym.registry.collections.collection import Collection
from synthgym.synthesis.mlgym.export import export_mlgym
from synthgym.synthesis.verification.verify import verify

LONG = "/".join(letter * 240 for letter in "abcd")


def loop(path: Path) -> None:
    """Two links that lead to each other, in the place of whatever is there."""
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    other = path.with_name(path.name + "x")
    other.symlink_to(path.name)
    path.symlink_to(other.name)


def nested(root: Path, count: int, name: str) -> None:
    """Folders in each other, deeper than a path can say."""
    here = os.getcwd()
    os.chdir(root)
    try:
        for _ in range(count):
            os.mkdir(name)
            os.chdir(name)
        Path("file").touch()
    finally:
        os.chdir(here)


def folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


ODD: dict[str, Callable[[Path], object]] = {
    "a file that leads to itself": lambda folder: loop(folder / "workspace/l.txt"),
    "a starter that leads to itself": lambda folder: loop(folder / "workspace/train.py"),
    "a workspace that leads to itself": lambda folder: loop(folder / "workspace"),
    "a grader that leads to itself": lambda folder: loop(folder / "grader"),
    "a seal that leads to itself": lambda folder: loop(folder / "grader/reference.sha256"),
    "a spec that leads to itself": lambda folder: loop(folder / "challenge.yaml"),
    "a challenge that leads to itself": loop,
    "data that lead to themselves": lambda folder: loop(folder / "data"),
    "a name of bytes": lambda folder: open(os.fsencode(folder / "workspace") + b"/\xff\xfe.txt", "w").close(),
    "a folder's name of bytes": lambda folder: os.mkdir(os.fsencode(folder / "grader") + b"/\xff\xfe"),
    "a path that is too long": lambda folder: nested(folder / "workspace", 25, "d" * 200),
    "1,500 folders in each other": lambda folder: nested(folder / "workspace", 1500, "d"),
    "1,500 folders in each other in the grader": lambda folder: nested(folder / "grader", 1500, "d"),
    "a prepare.py that is a folder": lambda folder: folder_instead(folder / "grader/prepare.py"),
    "a spec that is a folder": lambda folder: folder_instead(folder / "challenge.yaml"),
    "no workspace": lambda folder: shutil.rmtree(folder / "workspace"),
    "a socket": lambda folder: socket.socket(socket.AF_UNIX).bind(str(folder / "workspace/s")),
    "data files of too long a path": lambda folder: None,
}


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder of a short path, whose contents Python itself could not remove."""
    made = Path(subprocess.run(["mktemp", "-d"], stdout=subprocess.PIPE, check=True, text=True).stdout.strip())
    yield made
    subprocess.run(["rm", "-rf", made], check=True)


@pytest.mark.slow
@pytest.mark.parametrize("odd", ODD)
def test_what_an_odd_folder_raises_is_meant(place: Path, odd: str) -> None:
    collection = place / "synthgym"
    folder = challenges.write_table(collection)
    (collection / "collection.yaml").write_text("namespace: toys\ntitle: Toys\n")
    (collection / "mlgym.json").write_text("{}")
    challenge = challenges.table_spec()
    if "data" in odd:
        files = [LONG] if "path" in odd else ["a.csv"]
        challenge.dataset = Dataset(source="local", path="data", files=files)
        challenge.save(folder)
    ODD[odd](folder)
    problems = check_challenge(folder)
    assert problems or odd.startswith("data files")  # which are not looked for before they are fetched
    assert all(len(str(problem)) < 10_000 for problem in problems)
    refused = 0
    for use in (
        lambda: content_hash(challenge, folder),
        lambda: check_collection(collection),
        lambda: Collection.load(collection).reindex(),
        lambda: export_mlgym(collection, place / "exported"),
        lambda: prepare(challenge, folder, "local"),
        lambda: ChallengeEnv(str(collection), "line", sandbox="local", trust=True).reset(seed=0),
    ):
        try:
            use()
        except SynthgymError:
            refused += 1
    assert refused >= 2
    report = verify(folder, "local", write=False)
    assert not report.ok
    assert report.failed != "unexpected", report.reason
