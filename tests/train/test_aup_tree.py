"""A small tree of results in MLGym's layout with everything that can be odd about one; AUP of it by hand."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import tarfile
import time
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from synthgym.base.errors import UserError
from synthgym.registry.mlgym.table import Row, read_table
from synthgym.train.evaluation.aup import BASELINE, MODES, Run, SolverSet, Task, aup, read_solvers
from synthgym.train.evaluation.mlgym import run_folders
from synthgym.train.evaluation.mlgym.solvers import read_tree

# By hand. What counts of the tree below, and the ratios of it:
#
#   best               baseline        alpha      beta
#   battleOfSexes      1 → 2/1 = 2     2 → 1      1.25 → 2/1.25 = 1.6
#   3SATTime (lower)   20 → 20/10 = 2  10 → 1     missing → 2 × 1.05 = 2.1
#   blotto             −.2 < 0: 1.05   .1 → 1     −.1 < 0: 1.05
#
#   last: as above, but what alpha handed in at battleOfSexes is 1.6 at best: baseline 1.6, beta 1.6/1.25 = 1.28
#
# Largest τ: ceil(2.1) = 3; log10 3 = .477, so τ ends at .5; a step is .5/499. A ratio r adds the steps from the first
# point at or above log10 r: 1 → 499, 1.05 → 477, 1.28 → 392, 1.6 → 295, 2 → 198, 2.1 → 177.
STEPS = {
    "best": {BASELINE: 198 + 198 + 477, "alpha": 499 + 499 + 499, "beta": 295 + 177 + 477},
    "last": {BASELINE: 295 + 198 + 477, "alpha": 499 + 499 + 499, "beta": 392 + 177 + 477},
}
SCORE = {"Score": 1.0}
TIME = {"Time": 20.0, "Correct": 5.0}
LOST = {"score": -0.2}  # the metric is "Score"
REST = "default__t-0.00__p-0.95__run"

TREE: dict[str, object] = {
    f"alpha__battleOfSexes__{REST}_0": {"agent": [{"Score": 1.5}, {"Score": 2.0}, {"Score": 1.6}], "baseline": SCORE},
    # What was handed in has no score, and another run says otherwise of the baseline.
    f"alpha__battleOfSexes__{REST}_1": {"agent": [{"Score": 1.9}, {"Loss": 3}], "baseline": {"Score": 1.1}},
    f"alpha__battleOfSexes__{REST}_2": b"{oops",
    f"alpha__battleOfSexes__{REST}_3": b"[" * 100_000,
    f"alpha__battleOfSexes__{REST}_4": [1, 2],
    f"alpha__battleOfSexes__{REST}_5": None,  # a run that left nothing
    f"alpha__3SATTime__{REST}_0": b'{"agent": [{"Time": NaN}, {"Time": 10}], "baseline": {"Time": 20.0}}',
    f"alpha__3SATTime__{REST}_1": {"agent": [{"Time": 12}, {"time": 11}, {"Time": 13, "time": 1}], "baseline": TIME},
    f"alpha__blotto__{REST}_0": {"agent": [{"SCORE": 0.1}], "baseline": LOST},
    f"deep/er/beta__battleOfSexes__{REST}_0": {"agent": [{"Score": 1.25}], "baseline": SCORE},
    f"deep/er/beta__3SATTime__{REST}_0": {"baseline": TIME},
    f"deep/er/beta__3SATTime__{REST}_1": {"agent": [], "baseline": TIME},
    f"deep/er/beta__3SATTime__{REST}_2": {"agent": {"Time": 1}, "baseline": "none"},
    f"deep/er/beta__3SATTime__{REST}_3": {
        "agent": [{"Time": "3"}, {"Time": True}, {"Time": None}, 5, {"Time": 10**400}, {}],
        "baseline": {},
    },
    f"deep/er/beta__blotto__{REST}_0": {"agent": [{"Score": -0.1}], "baseline": LOST},
    f"gamma__blotto__{REST}_0": {"agent": [{"Score": 0.9}], "baseline": LOST},
    # No task of the table, a task without a baseline, and no runs at all.
    f"alpha__mine__{REST}_0": {"agent": [{"f1": 0.5}], "baseline": {"f1": 0.25}},
    f"alpha__rlMetaMazeMisc__{REST}_0": {"agent": [{"Reward Mean": 7}], "baseline": {"Reward": 3}},
    "__pycache__": {"agent": [], "baseline": {}},
    "notes": {"agent": [], "baseline": {}},
    # What lies in a run is its own.
    f"alpha__blotto__{REST}_0/workspace/alpha__blotto__{REST}_9": {"agent": [{"Score": 50}], "baseline": LOST},
}


def grow(folder: Path, tree: Mapping[str, object] = TREE) -> Path:
    for name, content in tree.items():
        place = folder / name
        place.mkdir(parents=True)
        if content is None:
            (place / "a.traj").write_text("{}")
        else:
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            (place / "results.json").write_bytes(data)
    return folder


def pack(folder: Path, archive: Path) -> Path:
    packing = archive.suffix.removeprefix(".").replace("tar", "")
    with tarfile.open(archive, f"w:{packing}") as out:
        out.add(folder, "trajectories/someone")
    return archive


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return grow(tmp_path / "tree")


@pytest.fixture
def field(tree: Path) -> SolverSet:
    return read_solvers(tree, None, ["gamma"])


def test_aup_by_hand(field: SolverSet) -> None:
    standings = aup(field.tasks, field.results)
    assert standings.best.scores["alpha"] == {"battleOfSexes": 2.0, "3SATTime": 10.0, "blotto": 0.1}
    assert standings.last.scores["alpha"] == {"battleOfSexes": 1.6, "3SATTime": 10.0, "blotto": 0.1}
    assert standings.best.scores["beta"] == {"battleOfSexes": 1.25, "3SATTime": None, "blotto": -0.1}
    for mode in MODES:
        expected = {solver: steps / 3 * 0.5 / 499 for solver, steps in STEPS[mode].items()}
        assert standings.to_dict()[mode] == pytest.approx(expected, abs=1e-12)


def test_runs_and_what_they_are_measured_against(field: SolverSet) -> None:
    assert field.tasks == {
        "3SATTime": Task("lower", 20.0),
        "battleOfSexes": Task("higher", 1.0),
        "blotto": Task("higher", -0.2),
    }
    nothing = Run((), None)
    assert field.results["alpha"] == {
        "battleOfSexes": [Run((1.5, 2.0, 1.6), 1.6), Run((1.9,), None), nothing, nothing, nothing, nothing],
        "3SATTime": [Run((10.0,), 10.0), Run((12.0, 11.0, 13.0), 13.0)],
        "blotto": [Run((0.1,), 0.1)],
    }
    assert field.results["beta"]["3SATTime"] == [nothing] * 4
    assert field.left_out == {"gamma"}


def test_what_was_odd_is_told(field: SolverSet) -> None:
    told = "\n".join(field.warnings)
    for said in (
        "battleOfSexes: runs disagree on the baseline's score: 1 (2×), 1.1 (1×); the first counts",
        "8 of 15 runs have no score",
        "results.json is not JSON: 2",
        "results.json holds no mapping: 1",
        "no results.json: 1",
        "no list 'agent': 2",
        "no attempts: 1",
        "no number for the metric that counts: 1",
        "none for what they handed in, so missing in mode last: 1",
        "nothing says which metric counts: mine; say it in a YAML file with lines as 'mine: {metric: accuracy,",
        "no run states the baseline's score: rlMetaMazeMisc (Reward Mean)",
        "not all runs state the baseline's score: 3SATTime (Time: 4 of 6)",
    ):
        assert said in told
    assert "gamma" not in told
    assert "notes" not in told


@pytest.mark.parametrize("name", ["results.tar", "results.tar.gz", "results.tar.bz2", "results.tar.xz"])
def test_an_archive_is_read_where_it_lies(tree: Path, field: SolverSet, tmp_path: Path, name: str) -> None:
    archive = pack(tree, tmp_path / name)
    before = sorted(tmp_path.rglob("*"))
    assert read_solvers(archive, None, ["gamma"]) == field
    assert sorted(tmp_path.rglob("*")) == before


def test_a_row_for_a_task_of_ones_own(tree: Path) -> None:
    table = read_table() | {"mine": Row(metric="f1", direction="higher")}
    field = read_tree(tree, table)
    assert field.tasks["mine"] == Task("higher", 0.25)
    assert field.results["alpha"]["mine"] == [Run((0.5,), 0.5)]
    assert set(field.results) == {"alpha", "beta", "gamma"}


def test_one_run_is_a_tree_too(tree: Path) -> None:
    assert read_solvers(tree / f"gamma__blotto__{REST}_0").results == {"gamma": {"blotto": [Run((0.9,), 0.9)]}}


def test_an_archive_cannot_lead_elsewhere(tmp_path: Path) -> None:
    """Links are not followed, and a later file of the same name is the one that counts, as in unpacking."""
    secret = tmp_path / "secret.json"
    secret.write_text(json.dumps({"agent": [{"Score": 5}], "baseline": SCORE}))
    older, newer = tmp_path / "older.json", tmp_path / "newer.json"
    older.write_text(json.dumps({"agent": [{"Score": 3}], "baseline": SCORE}))
    newer.write_text(json.dumps({"agent": [{"Score": 2}], "baseline": SCORE}))
    archive = tmp_path / "odd.tar"
    with tarfile.open(archive, "w") as out:
        link = tarfile.TarInfo(f"a__battleOfSexes__{REST}_0/results.json")
        link.type, link.linkname = tarfile.SYMTYPE, str(secret)
        out.addfile(link)
        for each in (older, newer):
            out.add(each, f"/../a__battleOfSexes__{REST}_1/results.json")
    field = read_solvers(archive)
    assert field.results == {"a": {"battleOfSexes": [Run((2.0,), 2.0), Run((), None)]}}
    assert any("results.json is no regular file: 1" in line for line in field.warnings)


@pytest.mark.parametrize("keep", [300, 20, 0])
def test_a_damaged_archive(tree: Path, tmp_path: Path, keep: int) -> None:
    archive = pack(tree, tmp_path / "results.tar.gz")
    archive.write_bytes(archive.read_bytes()[:keep])
    with pytest.raises(UserError, match=r"results\.tar\.gz: "):
        read_solvers(archive)


def member(name: str, stated: bytes, kind: bytes = b"0") -> bytes:
    """A member's header, whatever it states; its checksum is right."""
    block = bytearray(tarfile.TarInfo(name).tobuf(tarfile.USTAR_FORMAT))
    block[124:136], block[156:157], block[148:156] = stated.ljust(12, b"\0"), kind, b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


RUN = f"a__battleOfSexes__{REST}_0/results.json"
HOSTILE = {
    "a sparse terabyte": member(RUN, b"0000001000", b"S") + bytes(1024),
    "a size below zero": member(RUN, b"\xff" * 12) + bytes(1024),
    "a size of 8 exabytes": member(RUN, b"\x80" + b"\x7f" * 11) + bytes(1024),
    "names upon names": member("x", b"00001000000", b"x") + b"0" * (1 << 18),
    "a name that does not end": member("x", b"77777777777", b"L"),
    "8 GB that are not there": member("zeros", b"77777777777"),
    "JSON that nests": member(RUN, b"%o" % 200_192) + b"[" * 200_192,
}


@pytest.mark.parametrize("suffix", [".tar", ".tar.gz", ".tar.bz2", ".tar.xz"])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_archive(tmp_path: Path, hostile: str, suffix: str) -> None:
    pack_with = {".tar": bytes, ".tar.gz": gzip.compress, ".tar.bz2": bz2.compress, ".tar.xz": lzma.compress}[suffix]
    archive = tmp_path / f"results{suffix}"
    archive.write_bytes(pack_with(HOSTILE[hostile]))
    start = time.monotonic()
    with pytest.raises(UserError, match="results"):
        read_solvers(archive)
    assert time.monotonic() - start < 10


def test_what_unpacks_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_folders, "MOST_UNPACKED", 64 << 20)
    archive = tmp_path / "results.tar.gz"
    archive.write_bytes(gzip.compress((member("zeros", b"%o" % (40 << 20)) + bytes(40 << 20)) * 2, 1))
    with pytest.raises(UserError, match="unpack it, and give the folder"):
        read_solvers(archive)


def test_an_xz_that_asks_for_memory(tmp_path: Path) -> None:
    archive = tmp_path / "results.tar.xz"
    packer = lzma.LZMACompressor(filters=[{"id": lzma.FILTER_LZMA2, "preset": 0}])
    data = bytearray(packer.compress(bytes(10_240)) + packer.flush())
    at = data.index(b"\x21\x01") + 2  # of the block's header: what its dictionary has
    data[at] = 36  # 1 GB
    data[20:24] = zlib.crc32(bytes(data[12:20])).to_bytes(4, "little")
    archive.write_bytes(data)
    with pytest.raises(UserError, match="emory"):
        read_solvers(archive)


@pytest.mark.parametrize("score", ["1e400", "1" + "0" * 400, "-1e101", "NaN", "true", '"0.5"', "[]"])
def test_scores_that_are_none_are_no_scores(tmp_path: Path, score: str) -> None:
    for number, each in enumerate((score, "0.5")):
        folder = tmp_path / f"a__battleOfSexes__{REST}_{number}"
        folder.mkdir()
        folder.joinpath("results.json").write_text(f'{{"agent": [{{"Score": {each}}}], "baseline": {{"Score": 0.25}}}}')
    field = read_solvers(tmp_path)
    assert sorted(run.last is None for run in field.results["a"]["battleOfSexes"]) == [False, True]
    assert aup(field.tasks, field.results)


def test_no_tree_at_all(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no such folder or archive; expected run folders '<solver>__<task>__…'"):
        read_solvers(tmp_path / "nowhere")
    (tmp_path / "results.json").write_text("{}")
    with pytest.raises(UserError, match=r"no results in the layout of MLGym.*nor is it a benchmark's folder"):
        read_solvers(tmp_path)


BAD: list[tuple[dict[str, Any], list[str], str]] = [
    ({"a__mine__x": {"agent": [], "baseline": {}}}, [], "no task of it can be scored.*which metric counts: mine"),
    ({"a__blotto__x": {"agent": [], "baseline": {}}}, [], r"no task of it can be scored.*blotto \(Score\)"),
    ({"a__blotto__x": {"agent": [], "baseline": LOST}}, ["a"], "no solver is left; left out are a"),
    ({"baseline__blotto__x": {"agent": [], "baseline": LOST}}, [], "a solver is named 'baseline'"),
]


@pytest.mark.parametrize(("tree", "without", "message"), BAD)
def test_a_tree_of_no_use(tmp_path: Path, tree: dict[str, Any], without: list[str], message: str) -> None:
    with pytest.raises(UserError, match=message):
        read_solvers(grow(tmp_path / "tree", tree), None, without)
