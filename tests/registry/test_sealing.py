from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from challenges import write_table
from shipped import shipped

from synthgym.registry.challenge import content_hash, load_challenge
from synthgym.registry.collections.index import SHIPPED, read_index
from synthgym.registry.sealing import SEAL_FILE, is_sealed, seal


@pytest.fixture
def challenge(tmp_path: Path) -> Path:
    folder = write_table(tmp_path, "line")
    (folder / "grader/reference/parts").mkdir()
    (folder / "grader/reference/parts/more.py").write_text("MORE = 1\n")
    return folder


def digest(folder: Path) -> str:
    return content_hash(load_challenge(folder), folder)


def test_a_sealed_challenge_is_the_same_without_its_reference(challenge: Path) -> None:
    before = digest(challenge)
    seal(challenge)
    assert is_sealed(challenge)
    sealed = digest(challenge)
    assert sealed != before
    (challenge / "grader/reference/__pycache__").mkdir()
    (challenge / "grader/reference/__pycache__/x.pyc").write_text("compiled")
    assert digest(challenge) == sealed
    shutil.rmtree(challenge / "grader/reference")
    assert digest(challenge) == sealed


@pytest.mark.parametrize("change", ["another file", "another content", "another name", "another seal", "no seal"])
def test_nobody_can_put_another_in_its_place(challenge: Path, change: str) -> None:
    seal(challenge)
    sealed = digest(challenge)
    reference = challenge / "grader/reference"
    if change == "another file":
        (reference / "new.py").write_text("")
    elif change == "another content":
        (reference / "train.py").write_text("cheat")
    elif change == "another name":
        (reference / "train.py").rename(reference / "trian.py")
    elif change == "another seal":
        shutil.rmtree(reference)
        listed = (challenge / "grader" / SEAL_FILE).read_text()
        (challenge / "grader" / SEAL_FILE).write_text(listed.replace("train.py", "other.py"))
    else:
        shutil.rmtree(reference)
        (challenge / "grader" / SEAL_FILE).unlink()
    assert digest(challenge) != sealed


def test_the_rest_of_a_sealed_challenge_is_covered(challenge: Path) -> None:
    seal(challenge)
    sealed = digest(challenge)
    (challenge / "grader/reference_notes.txt").write_text("beside the folder, not in it")
    assert digest(challenge) != sealed


def test_a_seal_elsewhere_hides_nothing(challenge: Path) -> None:
    """Only a grader's reference is sealed: in the workspace these are files like all others."""
    (challenge / "workspace/reference").mkdir()
    (challenge / "workspace" / SEAL_FILE).write_text("")
    before = digest(challenge)
    (challenge / "workspace/reference/x.py").write_text("x = 1\n")
    assert digest(challenge) != before


def test_without_a_reference_there_is_nothing_to_seal(challenge: Path) -> None:
    shutil.rmtree(challenge / "grader/reference")
    before = digest(challenge)
    seal(challenge)
    assert not is_sealed(challenge)
    assert digest(challenge) == before


def test_challenges_that_are_not_sealed_are_what_they_were() -> None:
    for entry in read_index(SHIPPED).entries[::40]:
        assert digest(shipped(entry.id)) == entry.content_hash
