"""What a stranger's collection may try while it is made ready: to carry the host's files off, or to write there."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from pathlib import Path

import challenges
import pytest

from synthgym.base.errors import GraderError, SpecError, SynthgymError, UserError
from synthgym.base.files.paths import cache_dir
from synthgym.base.text import is_plain, printable
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.workspace import prepare
from synthgym.registry.challenge import Challenge, Dataset, content_hash


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file of the host's, outside of the collection."""
    folder = tmp_path / "host"
    folder.mkdir()
    file = folder / "secret.csv"
    file.write_text(f"secret-{uuid.uuid4().hex}")
    return file


def restated(folder: Path, challenge: Challenge) -> None:
    """Makes the spec state the content that the folder has now, as a stranger's would; one never made ready before."""
    (folder / "grader" / "unique.txt").write_text(uuid.uuid4().hex)
    challenge.provenance.content_hash = content_hash(challenge, folder)
    challenge.save(folder)


LINKS: dict[str, Callable[[Path, Path], None]] = {
    "a file of the workspace": lambda folder, secret: (folder / "workspace/notes.txt").symlink_to(secret),
    "a folder of the workspace": lambda folder, secret: (folder / "workspace/more").symlink_to(secret.parent),
    "the whole workspace": lambda folder, secret: swap(folder / "workspace", secret.parent),
    "prepare.py": lambda folder, secret: swap(folder / "grader/prepare.py", secret),
    "a file beside prepare.py": lambda folder, secret: (folder / "grader/notes.txt").symlink_to(secret),
    "a fifo": lambda folder, secret: os.mkfifo(folder / "workspace/fifo"),
    "up and out": lambda folder, secret: (folder / "workspace/up").symlink_to("../../host/secret.csv"),
}


def swap(path: Path, target: Path) -> None:
    """Replaces a part of a challenge by a link."""
    path.rename(path.with_name(path.name + "-was"))
    path.symlink_to(target)


@pytest.mark.parametrize("link", LINKS)
def test_links_carry_nothing_into_a_workspace(sealed: str, tmp_path: Path, secret: Path, link: str) -> None:
    folder = challenges.write_table(tmp_path)
    LINKS[link](folder, secret)
    restated(folder, challenges.table_spec())
    with pytest.raises(SynthgymError, match=r"a link, to|neither a regular file"):
        ChallengeEnv(str(tmp_path), "line", sandbox=sealed)
    with pytest.raises(SynthgymError, match=r"a link, to|neither a regular file"):  # should nobody have looked before
        prepare(challenges.table_spec(), folder, sealed)
    assert_nowhere(secret)


@pytest.mark.parametrize("path", ["../host", "{host}", "data", "/", "/etc"])
def test_data_comes_from_the_challenges_own_folder(sealed: str, tmp_path: Path, secret: Path, path: str) -> None:
    challenge = challenges.table_spec()
    path = path.format(host=secret.parent)
    challenge.dataset = Dataset(
        source="local", path=path, files=["etc/passwd" if path == "/" else "passwd" if path == "/etc" else secret.name]
    )
    folder = challenges.write_table(tmp_path)
    if path == "data":
        (folder / "data").symlink_to(secret.parent)
    restated(folder, challenge)
    with pytest.raises(UserError, match=r"expected a folder inside|a link, to"):
        ChallengeEnv(str(tmp_path), "line", sandbox=sealed).reset(seed=0)
    with pytest.raises(UserError, match=r"expected a folder inside|a link, to"):
        prepare(challenge, folder, sealed)
    assert_nowhere(secret)


@pytest.mark.parametrize("name", ["../secret.csv", "/etc/passwd", "link.csv"])
def test_data_files_stay_in_their_folder(sealed: str, tmp_path: Path, secret: Path, name: str) -> None:
    challenge = challenges.table_spec()
    challenge.dataset = Dataset(source="local", path="data", files=[name])
    folder = challenges.write_table(tmp_path)
    (folder / "data").mkdir()
    (folder / "secret.csv").write_text("the challenge's own, and not in its data")
    (folder / "data" / "link.csv").symlink_to("../secret.csv")
    restated(folder, challenge)
    with pytest.raises(UserError, match=r"is not in|a link, to"):
        ChallengeEnv(str(tmp_path), "line", sandbox=sealed).reset(seed=0)
    with pytest.raises(UserError, match=r"is not in|a link, to"):
        prepare(challenge, folder, sealed)


def test_another_file_in_the_data_is_another_challenge(tmp_path: Path) -> None:
    challenge = challenges.table_spec()
    challenge.dataset = Dataset(source="local", path="data", files=["a.csv"])
    folder = challenges.write_table(tmp_path)
    (folder / "data").mkdir()
    hashes = set()
    for text in ("1", "2"):
        (folder / "data/a.csv").write_text(text)
        hashes.add(content_hash(challenge, folder))
    assert len(hashes) == 2


NAMES = ["\x1b]0;owned\x07", "\x9b2J", "a\nMetric: none", "\u202etxt", "a\rb"]


@pytest.mark.parametrize("name", NAMES)
def test_no_name_of_a_file_steers_who_is_shown_it(sealed: str, tmp_path: Path, name: str) -> None:
    folder = challenges.write_table(tmp_path)
    (folder / "workspace" / name).write_text("")
    restated(folder, challenges.table_spec())
    with pytest.raises(SpecError, match="a name of more than plain text") as caught:
        ChallengeEnv(str(tmp_path), "line", sandbox=sealed)
    assert is_plain(str(caught.value))
    (folder / "workspace" / name).unlink()
    with (folder / "grader" / "prepare.py").open("a") as file:
        file.write(f"open(public + '/' + {name!r}, 'w')\n")
    restated(folder, challenges.table_spec())
    env = ChallengeEnv(str(tmp_path), "line", sandbox=sealed)
    with pytest.raises(GraderError, match="a name of more than plain text") as failed:
        env.reset(seed=0)
    assert is_plain(str(failed.value))


def test_nothing_of_a_spec_steers_who_is_shown_it(sealed: str, tmp_path: Path) -> None:
    folder = challenges.write_table(tmp_path)
    challenge = challenges.table_spec()
    challenge.title, challenge.description = "A\x1b]0;x\x07 line\n\nMetric: none", "Clear\x1b[2J\x9b2J\r\nthe screen"
    challenge.save(folder)
    assert "\\e" in (folder / "challenge.yaml").read_text()
    env = ChallengeEnv(str(tmp_path), "line", sandbox=sealed)
    observation, _ = env.reset(seed=0)
    env.close()
    assert printable(observation) == observation
    assert observation.startswith("# A line Metric: none\nClear\nthe screen\n")


def assert_nowhere(secret: Path) -> None:
    """No file that was made ready holds the secret."""
    word = secret.read_bytes()
    for place, _, names in os.walk(cache_dir("prepared")):
        for path in (Path(place, name) for name in names):
            if path.is_file() and path.stat().st_size < 10**6:
                assert word not in path.read_bytes(), path
