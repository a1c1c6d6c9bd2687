"""What a stranger's pack may try: to write elsewhere, to fill the disk, to be another challenge than it says"""

from __future__ import annotations

import io
import json
import os
import random
import resource
import shutil
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import challenges
import pytest
import zstandard
from packs import Forged, stored, tar

from synthgym.base.errors import SpecError
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.measuring.first_use import is_trusted
from synthgym.registry.collections.check import check_collection
from synthgym.registry.collections.collection import Collection
from synthgym.registry.collections.index import SHIPPED, read_index
from synthgym.registry.collections.known import known_collections
from synthgym.registry.collections.packing import pack
from synthgym.registry.collections.unpack import challenge_folder, collection_file, unpack

Change = Callable[[Forged], None]


@pytest.fixture
def honest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pack of two challenges, in a cache of its own."""
    monkeypatch.setenv("SYNTHGYM_CACHE", str(tmp_path / "cache"))
    path = Collection.create(tmp_path / "mine", "mine", "Mine").path
    challenges.write_table(path, "line")
    challenges.write_game(path, "coins")
    return pack(path, tmp_path / "mine.synthgym.zip")


def all_files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.name.endswith(".lock")}


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(evil: Path, tmp_path: Path, why: str) -> None:
    """The challenge `line` is refused wherever it is used, nothing is left of it, and `coins` is as good as before."""
    before = all_files(tmp_path)
    assert [entry.id for entry in read_index(evil).entries] == ["coins", "line"]
    assert all_files(tmp_path) == before  # listed, and nothing was unpacked
    with pytest.raises(SpecError, match=why):
        challenge_folder(evil, "line")
    with pytest.raises(SpecError, match="challenge 'line' cannot be unpacked"):
        ChallengeEnv(evil, "line", sandbox="local")
    assert all_files(tmp_path) - before <= {"cache", "cache/packs"}
    assert [problem.check for problem in check_collection(evil)] == ["layout"]
    assert (challenge_folder(evil, "coins") / "workspace").is_dir()
    left_out = unpack(evil, tmp_path / "unpacked")
    assert len(left_out) == 1
    assert "challenge 'line'" in left_out[0]
    assert Collection.load(tmp_path / "unpacked").ids() == ["coins"]


NAMES = ["../evil", "/tmp/evil", "workspace/../../evil", "workspace//x", "workspace/./x", "./x", "", ".", ".."]
NAMES += ["workspace/.profile", "grader/__pycache__/prepare.cpython-311.pyc", "workspace/a\\b", "workspace/\x1b[2J"]
NAMES += ["workspace/" + "d/" * 40 + "x", "workspace/" + "n" * 300, "workspace/\udcff", "workspace/a\u202eb"]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_no_name_leads_elsewhere_or_hides(honest: Path, tmp_path: Path, name: str) -> None:
    forged = Forged.of(honest)
    forged.put("line", tar([(name, b"evil")], forged.archive("line")))
    refused(forged.write(tmp_path / "evil.zip"), tmp_path, "no name of a challenge's file")


def special(kind: bytes, name: str = "workspace/odd", target: str = "/etc/passwd") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member


KINDS = {
    "a link": tarfile.SYMTYPE,
    "a hard link": tarfile.LNKTYPE,
    "a fifo": tarfile.FIFOTYPE,
    "a device": tarfile.CHRTYPE,
    "a sparse file": tarfile.GNUTYPE_SPARSE,
    "nobody knows what": b"Z",
}


@pytest.mark.parametrize("kind", KINDS)
def test_only_files_and_folders_come_out(honest: Path, tmp_path: Path, kind: str) -> None:
    forged = Forged.of(honest)
    forged.put("line", tar([(special(KINDS[kind]), b"")], forged.archive("line")))
    refused(forged.write(tmp_path / "evil.zip"), tmp_path, "neither a file nor a folder")


def test_nothing_is_written_through_a_link(honest: Path, tmp_path: Path) -> None:
    host = tmp_path / "host"
    host.mkdir()
    forged = Forged.of(honest)
    link = special(tarfile.SYMTYPE, "workspace/way", str(host))
    forged.put("line", tar([(link, b""), ("workspace/way/evil", b"evil")], forged.archive("line")))
    refused(forged.write(tmp_path / "evil.zip"), tmp_path, "neither a file nor a folder")
    assert list(host.iterdir()) == []


TWICE: dict[str, tuple[str, str]] = {
    "a file": ("grader/prepare.py", "File exists"),
    "the spec": ("challenge.yaml", "File exists"),
    "a file as a folder": ("challenge.yaml/x", "Not a directory|File exists"),
    "a folder as a file": ("workspace", "File exists"),
}


@pytest.mark.parametrize("what", TWICE)
def test_a_name_comes_once(honest: Path, tmp_path: Path, what: str) -> None:
    forged = Forged.of(honest)
    name, why = TWICE[what]
    forged.put("line", tar([(name, b"evil")], forged.archive("line")))
    refused(forged.write(tmp_path / "evil.zip"), tmp_path, why)


def zeros(size: int, name: str = "workspace/large") -> bytes:
    """An archive of a file of zeros, packed piece by piece."""
    member = tarfile.TarInfo(name)
    member.size = size
    packed = io.BytesIO()
    with zstandard.ZstdCompressor(level=1).stream_writer(packed, closefd=False) as writer:
        writer.write(member.tobuf(tarfile.GNU_FORMAT))
        for _ in range(size >> 20):
            writer.write(bytes(1 << 20))
    return packed.getvalue()


def test_what_unfolds_to_more_than_is_stated_is_not_unpacked_further(honest: Path, tmp_path: Path) -> None:
    forged = Forged.of(honest)
    name = "challenges/line.tar.zst"
    forged.members[name], forged.unpacked[name] = zeros(2 << 30), 1 << 20
    assert len(forged.members[name]) < 1 << 20
    written = resource.getrusage(resource.RUSAGE_SELF).ru_oublock
    refused(forged.write(tmp_path / "evil.zip"), tmp_path, "within a member")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_oublock - written < (64 << 20) / 512


def test_what_states_to_unfold_to_more_than_a_pack_may_is_none(honest: Path, tmp_path: Path) -> None:
    forged = Forged.of(honest)
    name = "challenges/line.tar.zst"
    forged.unpacked[name] = 3 << 30
    with pytest.raises(SpecError, match=r"expected at most 2048 MiB, got 3,072"):
        read_index(forged.write(tmp_path / "evil.zip"))


def test_no_window_of_gigabytes_is_kept(honest: Path, tmp_path: Path) -> None:
    forged = Forged.of(honest)
    wide = zstandard.ZstdCompressionParameters(window_log=30, enable_ldm=True)
    packer = zstandard.ZstdCompressor(compression_params=wide).compressobj()  # of unknown length: the window is stated
    packed = packer.compress(forged.archive("line")) + packer.flush()
    forged.members["challenges/line.tar.zst"] = packed
    refused(forged.write(tmp_path / "evil.zip"), tmp_path, "window|memory")


@pytest.mark.slow
def test_no_more_files_than_a_challenge_may_have(honest: Path, tmp_path: Path) -> None:
    forged = Forged.of(honest)
    many = [(f"workspace/{number}", b"") for number in range(10_001)]
    forged.put("line", tar(many, forged.archive("line")))
    refused(forged.write(tmp_path / "evil.zip"), tmp_path, "too many")


LIES: dict[str, object] = {
    "title": "Another",
    "version": 7,
    "split": "heldout",
    "kind": "module",
    "metric": "accuracy",
    "verified": False,
    "content_hash": "0" * 32,
    "spec_hash": "0" * 64,
}


@pytest.mark.parametrize("field", LIES)
def test_a_challenge_is_what_the_index_says(honest: Path, tmp_path: Path, field: str) -> None:
    """Although the very bytes were unpacked before, for whoever told the truth of them."""
    challenge_folder(honest, "line")
    forged = Forged.of(honest)
    forged.entry("line")[field] = LIES[field]
    refused(forged.write(tmp_path / "evil.zip"), tmp_path, f"its index says what its spec does not: .*{field}")


def test_other_content_than_was_verified_is_refused(honest: Path, tmp_path: Path) -> None:
    forged = Forged.of(honest)
    forged.put("line", tar([("workspace/more.py", b"")], forged.archive("line")))
    refused(forged.write(tmp_path / "evil.zip"), tmp_path, "not the challenge that was verified")


def test_a_challenge_of_another_id_is_refused(honest: Path, tmp_path: Path) -> None:
    forged = Forged.of(honest)
    forged.put("line", forged.archive("coins"))
    refused(forged.write(tmp_path / "evil.zip"), tmp_path, "field 'id': expected the folder's name 'line'")


def test_other_bytes_than_are_stated_are_refused(honest: Path, tmp_path: Path) -> None:
    forged = Forged.of(honest)
    name = "challenges/line.tar.zst"
    forged.stated[name] = [len(forged.members[name]), "0" * 64, forged.unpacked[name]]
    refused(forged.write(tmp_path / "evil.zip"), tmp_path, "its bytes have the hash")


def test_bytes_of_any_kind_are_refused(honest: Path, tmp_path: Path) -> None:
    forged = Forged.of(honest)
    forged.members["challenges/line.tar.zst"] = b"no archive at all"
    refused(forged.write(tmp_path / "evil.zip"), tmp_path, "cannot be unpacked")


def test_nobody_is_trusted_for_the_bytes_of_others(
    honest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A challenge of the shipped collection in somebody's pack: trusted as it is, and not with other scores."""
    monkeypatch.delenv("SYNTHGYM_TRUST")
    name = read_index(SHIPPED).entries[0].id
    assert is_trusted(challenge_folder(SHIPPED, name))
    assert not is_trusted(challenge_folder(honest, "line"))
    folder = unpack_one(SHIPPED, name, tmp_path / "other")
    spec = (folder / name / "challenge.yaml").read_text()
    (folder / name / "challenge.yaml").write_text(spec.replace("noise: ", "noise: 9", 1))
    evil = pack(folder, tmp_path / "evil.synthgym.zip")
    assert not is_trusted(challenge_folder(evil, name))
    monkeypatch.setenv("SYNTHGYM_TRUST", str(honest))
    assert is_trusted(challenge_folder(honest, "line"))
    assert not is_trusted(challenge_folder(evil, name))


def unpack_one(collection: Path, name: str, out: Path) -> Path:
    assert unpack(collection, out, [name]) == []
    return out


ROWS: dict[str, Callable[[list[list[object]]], list[object]]] = {
    "twice": lambda rows: [*rows, rows[0]],
    "the index": lambda rows: [*rows, ["index.json", 1, "0" * 64, 1]],
    "sizes below zero": lambda rows: [[rows[0][0], -5, *rows[0][2:]], *rows[1:]],
    "sizes beyond the file": lambda rows: [[rows[0][0], 1 << 30, *rows[0][2:]], *rows[1:]],
    "sizes beyond everything": lambda rows: [[rows[0][0], 10**39, *rows[0][2:]], *rows[1:]],
    "sizes that are none": lambda rows: [[rows[0][0], True, *rows[0][2:]], *rows[1:]],
    "rows that are none": lambda rows: [*rows, None],
    "rows that are short": lambda rows: [*rows, ["ledger.jsonl"]],
    "names that are none": lambda rows: [*rows, [[], 0, "", 0]],
    "too many": lambda rows: [["x" * 5 + str(n), 0, "", 0] for n in range(50_001)],
    "far too many": lambda rows: [[str(n), 0, "", 0] for n in range(400_000)],
}


@pytest.mark.slow
@pytest.mark.parametrize("what", ROWS)
def test_what_no_pack_can_state_is_none(honest: Path, tmp_path: Path, what: str) -> None:
    forged = Forged.of(honest)
    evil = forged.write(tmp_path / "evil.zip", ROWS[what](forged.rows()))
    with pytest.raises(SpecError, match="no pack of a collection: "):
        read_index(evil)
    assert [problem.path for problem in check_collection(evil)] == [evil]


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/evil", "trajectories/../../evil", "trajectories/.x", "journal.jsonl"]
)
def test_files_beside_the_challenges_have_names_of_their_own(honest: Path, tmp_path: Path, name: str) -> None:
    forged = Forged.of(honest)
    forged.members[name], forged.unpacked[name] = b"evil", 4
    evil = forged.write(tmp_path / "evil.zip")
    before = all_files(tmp_path)
    assert any("of which its index says nothing" in what for what in read_index(evil).problems)
    with pytest.raises(SpecError, match="holds no file"):
        collection_file(evil, name)
    assert unpack(evil, tmp_path / "unpacked") == []
    assert all_files(tmp_path / "unpacked") >= {"coins", "line"}
    assert {path for path in all_files(tmp_path) - before if "evil" in path or "journal" in path} == set()


def test_what_the_directory_of_the_zip_says_is_not_looked_at(honest: Path, tmp_path: Path) -> None:
    """However much it is: other programs make an object of each entry."""
    forged = Forged.of(honest)
    forged.end = b"PK\1\2" + bytes(128 << 20) + b"PK\5\6" + b"\xff" * 18
    evil = forged.write(tmp_path / "evil.zip")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()
    assert len(read_index(evil).entries) == 2
    assert (challenge_folder(evil, "line") / "workspace").is_dir()
    assert time.monotonic() - began < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak < 32 << 10


def test_an_index_of_any_size_is_not_read(honest: Path, tmp_path: Path) -> None:
    forged = Forged.of(honest)
    forged.index["more"] = "x" * (17 << 20)
    with pytest.raises(SpecError, match=r"index.json: expected at most 16,777,216 bytes"):
        read_index(forged.write(tmp_path / "evil.zip"))


INDEXES = [
    "{",
    "[]",
    '{"format": 2, "challenges": []}',
    '{"format": 1}',
    '{"format": 1, "challenges": {}}',
    "[" * 99_999,
]


@pytest.mark.parametrize("index", INDEXES, ids=range(len(INDEXES)))
def test_an_index_that_is_none(honest: Path, tmp_path: Path, index: str) -> None:
    forged = Forged.of(honest)
    rows = json.dumps({"format": 1, "members": forged.rows()}).encode()
    forged.index = {}
    evil = forged.write(tmp_path / "evil.zip")
    assert rows in evil.read_bytes()
    evil.write_bytes(evil.read_bytes().replace(stored("index.json", b"{}"), stored("index.json", index.encode())))
    with pytest.raises(SpecError, match="no pack of a collection: "):
        read_index(evil)


def test_entries_that_no_challenge_could_have_cost_themselves(honest: Path, tmp_path: Path) -> None:
    forged = Forged.of(honest)
    forged.entry("line")["title"] = "\x1b[2J"
    forged.index["challenges"] += [{"id": "../x"}, None, 5, {**forged.entry("coins"), "id": "nowhere"}]
    index = read_index(forged.write(tmp_path / "evil.zip"))
    assert [entry.id for entry in index.entries] == ["coins"]
    assert len(index.problems) == 2  # a member without an entry, and an entry without a member
    assert "holds no challenge 'nowhere'" in index.problems[0]
    assert "line.tar.zst" in index.problems[1]


def test_a_pack_that_was_cut_short_is_none(honest: Path, tmp_path: Path) -> None:
    data = honest.read_bytes()
    whole = sum(len(member) for member in Forged.of(honest).members.values())
    evil = tmp_path / "evil.zip"
    end = data.index(b"PK\1\2")  # of its members
    for size in (0, 1, 29, 30, 45, 200, end // 3, end // 2, end - whole, end - 1):
        evil.write_bytes(data[:size])
        with pytest.raises(SpecError, match="no pack of a collection: "):
            read_index(evil)


def test_whatever_is_changed_in_a_pack_is_noticed_or_means_nothing(honest: Path, tmp_path: Path) -> None:
    whole = {name: contents(challenge_folder(honest, name)) for name in ("coins", "line")}
    data, luck = honest.read_bytes(), random.Random(0)
    read = data.index(b"PK\1\2")  # what follows is for others
    refusals = 0
    for _ in range(150):
        changed = bytearray(data)
        for _ in range(luck.choice((1, 1, 4))):
            changed[luck.randrange(read)] ^= 1 << luck.randrange(8)
        evil = tmp_path / "evil.zip"
        evil.write_bytes(changed)
        shutil.rmtree(tmp_path / "cache/packs")  # else what was unpacked of honest bytes is found
        (tmp_path / "cache/packs").mkdir()
        try:
            entries = read_index(evil).entries
            for entry in entries:
                assert contents(challenge_folder(evil, entry.id)) == whole[entry.id]
        except SpecError:
            refusals += 1
    assert refusals > 75


def test_a_pack_that_is_none_costs_nobody_else(
    honest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    (tmp_path / "text.zip").write_text("no zip")
    os.mkfifo(tmp_path / "fifo.zip")
    places = [tmp_path / "text.zip", tmp_path / "fifo.zip", tmp_path / "nowhere.zip", honest]
    monkeypatch.setenv("SYNTHGYM_COLLECTIONS", os.pathsep.join(map(str, places)))
    assert honest in [index.path for index in known_collections()]
    said = [str(warning.message) for warning in recwarn]
    assert [sum(str(place) in each for each in said) for place in places] == [1, 1, 1, 0]
