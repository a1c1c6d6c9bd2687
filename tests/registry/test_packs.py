"""Packs: the same bytes for the same collection, there and back, and in every place where a folder can stand."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import gymnasium as gym
import pytest
import yaml
from challenges import write_game, write_table
from env_fixtures import needs
from shipped import unpacked

import synthgym
from synthgym.base.errors import OutputFolderError, SpecError, UnknownNameError, UserError
from synthgym.envs.env import ChallengeEnv
from synthgym.registry.challenge import Dataset, content_hash, load_challenge
from synthgym.registry.collections.check import check_collection
from synthgym.registry.collections.collection import Collection
from synthgym.registry.collections.index import SHIPPED, read_index, write_index
from synthgym.registry.collections.pack import read_pack
from synthgym.registry.collections.packing import pack
from synthgym.registry.collections.unpack import challenge_folder, collection_file, unpack
from synthgym.synthesis.ledger import read_ledger

CACHE = os.environ["SYNTHGYM_CACHE"]
"""That of all tests, which sandboxes may enter."""

LEDGER = '{"index": 0, "id": "line", "outcome": "accepted"}\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three challenges, one of them with data of its own and not verified; and what lies beside them."""
    monkeypatch.setenv("SYNTHGYM_CACHE", str(tmp_path / "cache"))
    path = Collection.create(tmp_path / "mine", namespace="packed", title="Äpfel").path
    write_table(path, "line")
    write_game(path, "coins")
    own = write_table(path, "own")
    (own / "data").mkdir()
    (own / "data/größe.csv").write_text("a\n1\n")
    spec = load_challenge(own)
    spec.dataset = Dataset(source="local", path="data", files=["größe.csv"])
    spec.provenance.content_hash = ""
    spec.save(own)
    write_index(path)
    (path / "ledger.jsonl").write_text(LEDGER)
    (path / "synthesis.json").write_text("{}")
    (path / "trajectories").mkdir()
    (path / "trajectories/teacher.jsonl").write_text("{}\n")
    return path


@pytest.fixture
def packed(folder: Path, tmp_path: Path) -> Path:
    return pack(folder, tmp_path / "mine.synthgym.zip")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def is_unpacked() -> list[str]:
    """The challenges that are in the cache, unpacked."""
    places = Path(os.environ["SYNTHGYM_CACHE"], "packs")
    return sorted(path.name for path in places.glob("*/*") if path.is_dir())


def test_there_and_back(folder: Path, packed: Path, tmp_path: Path) -> None:
    assert unpack(packed, tmp_path / "back") == []
    assert contents(tmp_path / "back") == contents(folder)
    assert pack(tmp_path / "back", tmp_path / "again.zip").read_bytes() == packed.read_bytes()
    assert pack(packed, tmp_path / "again.zip").read_bytes() == packed.read_bytes()


def test_the_bytes_follow_from_what_is_in_it(folder: Path, packed: Path, tmp_path: Path) -> None:
    before = packed.read_bytes()
    copy = tmp_path / "elsewhere"
    for name in sorted(contents(folder), reverse=True):  # made in another order, at another time, for others
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / name, copy / name)
        os.utime(copy / name, (0, 0))
        (copy / name).chmod(0o600)
    (copy / "line/workspace/__pycache__").mkdir()
    (copy / "line/workspace/__pycache__/train.pyc").write_text("x")
    for beside in (".env", "journal.jsonl", "notes.txt", ".staging/x", "trajectories/.x"):
        (copy / beside).parent.mkdir(exist_ok=True)
        (copy / beside).write_text("x")
    (copy / "index.json").unlink()
    assert pack(copy, packed).read_bytes() == before


def test_other_programs_open_it(packed: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(packed) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[:3] == ["collection.yaml", "index.json", "pack.json"]
        listed = [row[:2] for row in json.loads(archive.read("pack.json"))["members"]]
        assert listed == [[each.filename, each.file_size] for each in archive.infolist()[3:]]


def test_it_is_registered_without_unpacking_and_unpacked_when_it_is_made(packed: Path) -> None:
    assert synthgym.register(packed) == ["packed/coins-v0", "packed/line-v0", "packed/own-v0"]
    assert is_unpacked() == []
    env = gym.make("packed/line-v0", sandbox="local")
    assert is_unpacked() == ["line"]
    assert isinstance(env.unwrapped, ChallengeEnv)
    folder = env.unwrapped.folder
    (folder / "workspace/train.py").stat()
    assert {path.stat().st_mode & 0o777 for path in [folder, *folder.rglob("*")]} == {0o755, 0o644}
    assert challenge_folder(packed, "line") == folder


def test_an_episode_of_it(packed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needs("bubblewrap")
    monkeypatch.setenv("SYNTHGYM_CACHE", CACHE)
    env = ChallengeEnv(packed, "line", sandbox="bubblewrap")
    env.reset(seed=0)
    *_, info = env.step("python train.py && validate")
    assert info["scores"]


def test_other_processes_know_it(packed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import synthgym, gymnasium; print([name for name in gymnasium.registry if name.startswith('packed/')])"

    def known() -> str:
        done = subprocess.run([sys.executable, "-c", code], check=True, cwd="/", capture_output=True, text=True)
        assert "packed" not in done.stderr
        return done.stdout.strip()

    expected = "['packed/coins-v0', 'packed/line-v0', 'packed/own-v0']"
    synthgym.register(packed)
    assert known() == expected
    monkeypatch.delenv("SYNTHGYM_ADDED")
    assert known() == "[]"
    monkeypatch.setenv("SYNTHGYM_COLLECTIONS", str(packed))
    assert known() == expected
    assert is_unpacked() == []


def test_a_collection_is_the_same_in_both_forms(folder: Path, packed: Path) -> None:
    one, other = Collection.load(folder), Collection.load(packed)
    assert (one.info, one.ids(), list(one)) == (other.info, other.ids(), list(other))
    assert read_index(folder).entries == read_index(packed).entries
    assert read_ledger(folder) == read_ledger(packed)
    assert "line" in other
    assert "nowhere" not in other
    with pytest.raises(UnknownNameError, match="lime"):
        other.folder("lime")
    assert check_collection(packed) == check_collection(folder) == []
    for change in (other.reindex, lambda: other.add(folder / "line")):
        with pytest.raises(OutputFolderError, match="a pack stays as it is"):
            change()


def test_what_is_wrong_with_a_challenge_is_told(folder: Path, tmp_path: Path) -> None:
    spec = load_challenge(folder / "own")
    spec.baseline.command = "python nowhere.py"
    spec.save(folder / "own")
    (problem,) = check_collection(pack(folder, tmp_path / "mine.zip"))
    assert "'nowhere.py' is not in workspace/" in problem.what


def test_it_is_read_anew_when_it_was_changed(folder: Path, packed: Path) -> None:
    before = challenge_folder(packed, "line")
    shutil.rmtree(folder / "coins")
    (folder / "line/workspace/train.py").write_text("print()")
    spec = load_challenge(folder / "line")
    spec.provenance.content_hash = content_hash(spec, folder / "line")
    spec.save(folder / "line")
    pack(folder, packed)
    assert read_index(packed).entries == read_index(folder, "nothing").entries
    assert (challenge_folder(packed, "line") / "workspace/train.py").read_text() == "print()"
    assert (before / "workspace/train.py").read_text() != "print()"  # what somebody plays stays as it is


Damage = Callable[[Path], object]
DAMAGED: dict[str, tuple[Damage, type[UserError], str]] = {
    "changed since it was verified": (
        lambda folder: (folder / "line/workspace/train.py").write_text("print()"),
        SpecError,
        "not the challenge that was verified",
    ),
    "a wrong spec": (
        lambda folder: (folder / "line/challenge.yaml").write_text("id: line"),
        SpecError,
        "1 to put right",
    ),
    "a link": (lambda folder: (folder / "line/workspace/x").symlink_to("/etc/passwd"), SpecError, "a link, to"),
    "a fifo": (lambda folder: os.mkfifo(folder / "own/workspace/x"), SpecError, "neither a regular file"),
    "a trajectory that is a link": (
        lambda folder: (folder / "trajectories/x").symlink_to("/etc/passwd"),
        UserError,
        "a link, to /etc/passwd; only regular files",
    ),
    "a ledger that is none": (
        lambda folder: (folder / "ledger.jsonl").write_text("secret"),
        UserError,
        "expected an entry of a ledger",
    ),
    "no collection": (lambda folder: (folder / "collection.yaml").unlink(), SpecError, "no such file"),
    "a hidden file": (
        lambda folder: (folder / "own/workspace/.env").write_text("x"),
        UserError,
        "hidden, or of a name that cannot be shared",
    ),
}


@pytest.mark.parametrize("what", DAMAGED)
def test_what_is_not_whole_is_not_packed(folder: Path, packed: Path, what: str) -> None:
    damage, error, told = DAMAGED[what]
    before = packed.read_bytes()
    damage(folder)
    with pytest.raises(error, match=told):
        pack(folder, packed)
    assert packed.read_bytes() == before
    assert [path.name for path in packed.parent.iterdir() if path.name.endswith(".new")] == []


def test_some_of_it_is_unpacked(packed: Path, tmp_path: Path) -> None:
    assert unpack(packed, tmp_path / "some", ["li*", "trajectories/*"]) == []
    found = contents(tmp_path / "some")
    assert {name.split("/")[0] for name in found} == {"collection.yaml", "index.json", "line", "trajectories"}
    assert [entry.id for entry in read_index(tmp_path / "some", "index").entries] == ["line"]
    with pytest.raises(UnknownNameError, match="lime"):
        unpack(packed, tmp_path / "none", ["lime"])
    with pytest.raises(OutputFolderError, match="is not empty"):
        unpack(packed, tmp_path / "some")


def test_a_file_of_it_is_found(packed: Path) -> None:
    assert collection_file(packed, "trajectories/teacher.jsonl").read_text() == "{}\n"
    assert yaml.safe_load(collection_file(packed, "collection.yaml").read_text())["title"] == "Äpfel"
    with pytest.raises(SpecError, match=r"holds no file 'pack.json'"):
        collection_file(packed, "pack.json")


def test_the_shipped_collection_is_as_good_as_its_folder(tmp_path: Path) -> None:
    folder = unpacked(tmp_path / "core")
    assert read_index(folder, "nothing").entries == read_index(SHIPPED).entries
    assert read_pack(SHIPPED).problems == []
    assert (folder / "ledger.jsonl").is_file()


def command(*arguments: object, code: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "synthgym.cli.main", *map(str, arguments)], capture_output=True, text=True, cwd="/"
    )
    assert done.returncode == code, done.stderr
    return done.stdout


@pytest.mark.slow
def test_commands(folder: Path, tmp_path: Path) -> None:
    packed = folder.with_name("mine.synthgym.zip")
    assert command("pack", folder) == f"{packed}: 3 challenges, {packed.stat().st_size:,} bytes\n"
    assert command("unpack", packed, "--out", tmp_path / "back") == f"{tmp_path / 'back'}\n"
    assert contents(tmp_path / "back") == contents(folder)
    assert json.loads(command("pack", folder, "--out", tmp_path / "b.zip", "--json"))["challenges"] == 3
    assert command("check", packed) == f"{packed}: no problem\n"
    listed = command("list", "--collection", packed, "packed/*").splitlines()
    assert [line.split()[0] for line in listed] == ["packed/coins-v0", "packed/line-v0", "packed/own-v0"]


@pytest.mark.slow
def test_a_pack_is_verified_and_packed_again(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needs("bubblewrap")
    monkeypatch.setenv("SYNTHGYM_CACHE", CACHE)
    shutil.rmtree(folder / "own")
    shutil.rmtree(folder / "coins")
    spec = load_challenge(folder / "line")
    spec.noise = None
    spec.provenance.content_hash = ""
    spec.save(folder / "line")
    (folder / "ledger.jsonl").unlink()
    packed = pack(folder, tmp_path / "mine.zip")
    assert not read_index(packed).entries[0].verified
    assert command("verify", packed) == f"{packed}: 1 of 1 verified\n"
    assert read_index(packed).entries[0].verified
    assert [entry.outcome for entry in read_ledger(packed)] == ["accepted"]
    assert check_collection(packed) == []


def test_nothing_but_a_pack_is_written_over(folder: Path, packed: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_text("precious")
    os.mkfifo(tmp_path / "fifo")
    for out in (precious, tmp_path / "fifo", Path("/dev/null")):
        with pytest.raises(OutputFolderError, match="is no pack of a collection"):
            pack(folder, out)
    assert precious.read_text() == "precious"
    before = packed.read_bytes()
    assert pack(folder, packed).read_bytes() == before


def test_what_is_damaged_is_found_whatever_was_unpacked_before(packed: Path) -> None:
    member = read_pack(packed).members["challenges/line.tar.zst"]
    challenge_folder(packed, "line")  # from now on it is in the cache
    whole = packed.read_bytes()
    packed.write_bytes(whole[: member.at] + bytes([whole[member.at] ^ 1]) + whole[member.at + 1 :])
    assert any("its bytes have the hash" in str(problem) for problem in check_collection(packed))
    packed.write_bytes(whole)
    assert check_collection(packed) == []
