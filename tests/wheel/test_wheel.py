"""What users install: the wheel, from outside the checkout, in a folder that comes before whatever else is there."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections import Counter
from importlib.metadata import version
from pathlib import Path

import pytest
from env_fixtures import needs

ROOT = Path(__file__).parents[2]
ROOMS = ("registry", "envs", "agents", "train")
PLAYS = """
import gymnasium, synthgym
names = sorted(name for name in gymnasium.registry if name.startswith("synthgym/"))
env = gymnasium.make(names[0], sandbox="bubblewrap")
env.reset(seed=0)
_, reward, terminated, _, info = env.step("ls && submit")
env.close()
print(synthgym.__file__, terminated, float(reward))
"""


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "-q", "--no-deps"]
    subprocess.run([*pip, "--target", str(folder), str(wheel)], check=True, capture_output=True)
    return folder


def run(site: Path, away: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(site)}
    done = subprocess.run(arguments, cwd=away, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_episode_is_played(site: Path, tmp_path: Path) -> None:
    needs("bubblewrap")
    place, *ended = run(site, tmp_path, sys.executable, "-c", PLAYS).split()
    assert Path(place).is_relative_to(site)
    assert ended[0] == "True"


def test_the_command_says_its_version(site: Path, tmp_path: Path) -> None:
    assert version("synthgym") in run(site, tmp_path, str(site / "bin" / "synthgym"), "--version")


def test_each_file_is_in_it_once_and_under_one_root(wheel: Path) -> None:
    names = [name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert {name.split("/")[0] for name in names} == {"synthgym"}
    tops = {room: {path.name for path in (ROOT / room).glob("*.py")} for room in ROOMS}
    held = {room: {Path(name).name for name in names if Path(name).parent == Path("synthgym", room)} for room in ROOMS}
    assert {room: {name for name in held[room] if name.endswith(".py")} for room in ROOMS} == tops


def test_it_holds_what_git_knows_of_the_package(wheel: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", *ROOMS, "synthgym"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("this is no checkout")
    known = {name if name.startswith("synthgym/") else f"synthgym/{name}" for name in listed.stdout.splitlines()}
    known = {name for name in known if not name.startswith("synthgym/registry/examples/")}  # in the pack already
    links = {f"synthgym/{room}" for room in ROOMS}
    built = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert known - links - built == set()
