"""Where commands write: the folders above are made; what cannot be written is told in a line."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from cli_tools import Run

from synthgym.agents.trajectories.store import Store
from synthgym.base.errors import OutputFolderError
from synthgym.base.files.outputs import whole_file


@pytest.fixture
def bench(synthgym: Run, collection: Path, tmp_path: Path) -> Path:
    out = tmp_path / "not" / "there" / "bench"
    agents = ["good=toy_agents:solve", "toy_agents:hand_in_the_starter"]
    synthgym("benchmark", "--collection", collection, "--envs", "toys/line-v0", "--out", out, "--agents", *agents)
    return out


@pytest.mark.slow
def test_every_output_makes_its_folders(synthgym: Run, bench: Path, collection: Path, tmp_path: Path) -> None:
    new = tmp_path / "a" / "b"
    written = {
        "messages.jsonl": ["export", bench, "--out"],
        "t.jsonl": ["export", bench, "--format", "trajectories", "--out"],
        "mlgym": ["export", bench, "--format", "mlgym", "--out"],
        "report.html": ["report", bench, "--out"],
        "profile.svg": ["aup", bench, "--plot"],
        "profile.csv": ["aup", bench, "--data"],
        "solvers.json": ["aup", bench, "--save-solvers"],
        "tree": ["export-mlgym", collection],
    }
    for at, (name, words) in enumerate(written.items()):
        path = new / str(at) / name
        synthgym(*words, path)
        assert path.exists(), name


@pytest.mark.slow
def test_so_does_synthesis(synthgym: Run, tmp_path: Path) -> None:
    synthgym("synthesize", "--n", 1, "--family", "games", "--out", tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b" / "collection.yaml").exists()


@pytest.mark.slow
def test_what_cannot_be_written_is_told_in_a_line(synthgym: Run, bench: Path, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    below, folder = file / "x", tmp_path / "folder"
    folder.mkdir()
    envs = ["--envs", "synthgym/auction-game-098e-v0"]
    for words in (
        ["synthesize", "--n", 1, "--out"],
        ["rollout", *envs, "--agent", "scripted", "--out"],
        ["benchmark", *envs, "--agents", "scripted", "--out"],
        ["export", bench, "--format", "mlgym", "--out"],
        ["quickstart", "--out"],
    ):
        place = below if words[0] == "rollout" else file
        told = synthgym(*words, place, code=2).stderr
        assert "is a file" in told.splitlines()[-1], words
    for words in (
        ["export", bench, "--out"],
        ["report", bench, "--out"],
        ["aup", bench, "--data"],
        ["aup", bench, "--save-solvers"],
    ):
        assert "is a folder; name a file" in synthgym(*words, folder, code=2).stderr
    assert "is a file where a folder is needed" in synthgym("report", bench, "--out", below, code=2).stderr
    assert file.read_text() == "mine"
    assert list(folder.iterdir()) == []


def test_a_name_says_what_is_in_it(synthgym: Run, bench: Path, tmp_path: Path) -> None:
    plain, packed = tmp_path / "t.jsonl", tmp_path / "t.jsonl.zst"
    for path in (plain, packed):
        synthgym("export", bench, "--format", "trajectories", "--out", path)
    assert [json.loads(line)["agent"] for line in plain.read_text().splitlines()] == [
        "good",
        "toy_agents:hand_in_the_starter",
    ]
    assert packed.read_bytes().startswith(b"\x28\xb5\x2f\xfd")
    assert list(Store(plain)) == list(Store(packed))
    mistaken = tmp_path / "u.jsonl"
    packed.rename(mistaken)
    assert len(list(Store(mistaken))) == 2, "read by what is in it"
    told = synthgym("export", bench, "--format", "trajectories", "--out", tmp_path / "t.gz", code=2).stderr
    assert "ends in .jsonl.zst, for a compressed file, or in .jsonl" in told
    for form in ("messages", "trajectories"):
        piped = synthgym("export", bench, "--format", form, "--out", "/dev/stdout")
        assert len([json.loads(line) for line in piped.stdout.splitlines()]) == 2
        assert "2 of 2 episodes" in piped.stderr
    told = synthgym("export", bench, "--out", tmp_path / "m.jsonl.zst", code=2).stderr
    assert "conversations are not compressed" in told


def test_a_benchmark_read_as_a_store(synthgym: Run, bench: Path) -> None:
    records = list(Store(bench))
    assert {record.agent for record in records} == {"good", "toy_agents:hand_in_the_starter"}
    assert set(Store(bench).done()) == {record.episode_id for record in records}
    assert Store(bench).compact() == 2
    assert list(Store(bench)) == records
    assert not list(bench.glob("episodes-*"))
    told = synthgym("export", bench.parent, "--out", "x.jsonl", code=2).stderr
    assert "holds no trajectories; in it do bench" in told


def test_options_that_would_do_nothing_are_refused(synthgym: Run, bench: Path, tmp_path: Path) -> None:
    told = synthgym("synthesize", "--n", 1, "--out", tmp_path / "x", "--agent", "scripted", "--tries", 2, code=2).stderr
    assert "--tries, --agent: only for an author that is a model" in told
    assert "which is not given" in synthgym("report", bench, "--without", "good", code=2).stderr
    assert "holds no ledger.jsonl" in synthgym("report", bench, "--collection", tmp_path, code=2).stderr


def test_links_and_devices_stay_what_they_are(tmp_path: Path) -> None:
    target, link, fifo = tmp_path / "target", tmp_path / "link", tmp_path / "fifo"
    link.symlink_to(target)
    with whole_file(link, named=True) as file:
        file.write(b"new")
    assert (link.is_symlink(), target.read_bytes()) == (True, b"new")
    os.mkfifo(fifo)
    reading = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    with whole_file(fifo, named=True) as file:
        file.write(b"through")
    assert os.read(reading, 100) == b"through"
    os.close(reading)
    assert fifo.is_fifo()
    with pytest.raises(OutputFolderError, match="is a folder"), whole_file(tmp_path):
        pass
