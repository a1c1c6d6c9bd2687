from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import textwrap
import threading
from pathlib import Path
from typing import Any

import gymnasium
import pytest
import toy_agents
import zstandard

from synthgym.agents.episode import run_episode
from synthgym.agents.trajectories import unpacking
from synthgym.agents.trajectories.shard_writer import ShardWriter
from synthgym.agents.trajectories.store import Store, read_episodes, write_packed
from synthgym.agents.trajectories.trajectory import Trajectory
from synthgym.base.errors import OutputFolderError, UserError
from synthgym.base.files.outputs import whole_file

RUN = {"command": "rollout", "agent": "seeded", "seed": 0}


@pytest.fixture(scope="module")
def records() -> list[Trajectory]:
    from toy_env import ToyEnv

    return [run_episode(ToyEnv(), toy_agents.Seeded, seed=seed, env_id=f"toy/x{seed % 2}-v0") for seed in range(6)]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "out")
    store.claim(RUN)
    return store


def fill(store: Store, records: list[Trajectory]) -> Path:
    writer = store.writer()
    for record in records:
        writer.add(record)
    writer.close()
    return writer.path


# -- whose folder it is ----------------------------------------------------------------------------------------------


def test_a_folder_is_claimed_once(tmp_path: Path) -> None:
    store = Store(tmp_path / "a" / "b")
    store.claim(RUN, {"note": 1})
    before = (store.folder / "run.json").read_bytes()
    store.claim(RUN, {"note": 2})
    assert (store.folder / "run.json").read_bytes() == before


def test_another_runs_folder_is_refused_and_the_difference_named(store: Store, records: list[Trajectory]) -> None:
    fill(store, records[:1])
    with pytest.raises(OutputFolderError, match="agent: 'seeded' there, 'other' asked for; seed: 0 there, 1 asked for"):
        store.claim({**RUN, "agent": "other", "seed": 1})


def test_a_folder_without_episodes_is_anybodys(store: Store, records: list[Trajectory]) -> None:
    other = {**RUN, "agent": "other"}
    store.writer().close()
    store.claim(other)
    store.claim(other)
    with store.writing(), pytest.raises(OutputFolderError, match="holds another run"):
        store.claim(RUN)  # that one is under way
    benchmark = {"command": "benchmark", "seed": 0}
    store.claim(benchmark)
    part = Store(store.folder / "episodes" / "a")
    part.claim(RUN)
    store.claim({**benchmark, "seed": 1})
    fill(part, records[:1])
    with pytest.raises(OutputFolderError, match="seed: 1 there, 0 asked for"):
        store.claim(benchmark)


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("x")
    with pytest.raises(OutputFolderError, match=r"holds no run of synthgym but thesis\.tex"):
        Store(tmp_path).claim(RUN)
    (tmp_path / "run.json").write_text("{}")
    with pytest.raises(OutputFolderError, match="not written by synthgym"):
        Store(tmp_path).claim(RUN)
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputFolderError, match="is a file where a folder is needed"):
        Store(tmp_path / "file").claim(RUN)


# -- shards ----------------------------------------------------------------------------------------------------------


def test_what_is_written_is_read(store: Store, records: list[Trajectory]) -> None:
    fill(store, records)
    assert list(store) == records
    assert set(store.done()) == {record.episode_id for record in records}
    assert store.done()[records[0].episode_id].improvement == records[0].outcome.improvement


def test_writers_at_the_same_time_have_shards_of_their_own(store: Store, records: list[Trajectory]) -> None:
    first, second = store.writer(), store.writer()
    first.add(records[0])
    second.add(records[1])
    first.add(records[2])
    assert [first.path.name, second.path.name] == ["episodes-0.jsonl", "episodes-1.jsonl"]
    first.close()
    third = store.writer()
    assert third.path == first.path, "a shard nobody writes to is used again"
    assert list(store) == [records[0], records[2], records[1]]
    second.close()
    third.close()


@pytest.mark.parametrize("torn", [b"{", b'{"schema":1,"episode_id":"x"}', "é".encode()[:1]])
def test_a_torn_line_is_passed_over_and_never_written_behind(
    store: Store, records: list[Trajectory], torn: bytes
) -> None:
    path = fill(store, records[:2])
    with path.open("ab") as file:
        file.write(torn)
    before = path.read_bytes()
    assert list(store) == records[:2]
    assert len(store.done()) == 2
    other = fill(store, records[2:])
    assert other != path
    assert path.read_bytes() == before
    assert list(store) == records


DAMAGED = {
    "no record": b"{}",
    "no object": b"[1]",
    "no JSON": b"{",
    "not UTF-8": b'{"episode_id": "\xff"}',
    "deep": b"[" * 100_000,
    "closed, and deep": b"[" * 100_000 + b"]" * 100_000,
    "wide": b"[" + b"[]," * 1_500_000 + b"[]]",
    "a large number": b'{"seed": %s}' % (b"9" * 400),
    "a number that no Python writes": b'{"seed": %s}' % (b"9" * 5000),
    "no number": b'{"seed": NaN}',
    "other types": b'{"episode_id": ["a"], "challenge_hash": 1, "outcome": [2]}',
}


@pytest.mark.parametrize("line", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_line_costs_its_episode(store: Store, records: list[Trajectory], line: bytes) -> None:
    path = fill(store, records[:2])
    first, second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + line + b"\n" + second)
    for reading in (lambda: list(store), store.done):
        with pytest.warns(
            UserWarning, match=r"left out, as it cannot be read: .*episodes-0\.jsonl, line 2: not a traj"
        ):
            assert len(reading()) == 2
    path.write_bytes(line + b"\n")
    with pytest.raises(UserError, match=r"line 1: not a trajectory"):
        list(store)


@pytest.mark.parametrize(
    ("field", "value"),
    [("seed", "9" * 400), ("seconds", "NaN"), ("noise", "1e999"), ("usage", '{"prompt_tokens": %s}' % ("9" * 300))],
)
def test_numbers_that_are_none(store: Store, records: list[Trajectory], field: str, value: str) -> None:
    path = fill(store, records[:1])
    data = json.loads(path.read_bytes())
    text = json.dumps({**data, field: "HERE"}).replace('"HERE"', value)
    path.write_text(f"{text}\n")
    with pytest.raises(
        UserError, match=f"line 1: not a trajectory: field '{field}.*': expected a number of usual size"
    ):
        list(store)


def test_an_endless_line(tmp_path: Path, records: list[Trajectory]) -> None:
    packed = tmp_path / "bomb.jsonl.zst"
    with packed.open("wb") as file, zstandard.ZstdCompressor().stream_writer(file) as stream:
        for _ in range(3000):
            stream.write(b" " * (1 << 20))
    assert packed.stat().st_size < 1 << 20
    with pytest.raises(UserError, match=r"bomb\.jsonl\.zst, line 1: expected at most 67,108,864 bytes, got more"):
        list(read_episodes(packed))
    os.mkfifo(tmp_path / "pipe.jsonl")
    with pytest.raises(UserError, match="expected a regular file"):
        list(read_episodes(tmp_path / "pipe.jsonl"))


def test_a_run_that_is_none(store: Store) -> None:
    store.folder.mkdir(parents=True, exist_ok=True)
    for data in (b"[", b"[" * 100_000, b"[]", b'{"run": [1]}', b'{"run": {"seed": NaN}}', b"\xff"):
        (store.folder / "run.json").write_bytes(data)
        with pytest.raises(OutputFolderError, match=r"run\.json: not written by synthgym"):
            store.claim({"seed": 1})


def test_an_episode_written_twice_counts_once(store: Store, records: list[Trajectory]) -> None:
    fill(store, records[:2])
    fill(store, records[1:3])
    assert list(store) == records[:3]


def test_reading_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file or folder of trajectories"):
        list(Store(tmp_path / "none"))


def test_a_full_disk_loses_nothing(store: Store, records: list[Trajectory]) -> None:
    """A file may not grow past a limit: the system writes a part of the line and then refuses."""
    path = fill(store, records[:2])
    whole = path.read_bytes()
    writer = store.writer()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(whole) + 100, before[1]))
    try:
        with pytest.raises(OutputFolderError, match="no space left; all finished episodes are kept"):
            writer.add(records[2])
        with pytest.raises(OutputFolderError, match="no space left"), whole_file(store.folder / "big") as file:
            file.write(b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert path.read_bytes() == whole
    assert not list(store.folder.glob("*big*"))
    writer.add(records[2])
    writer.close()
    assert list(store) == records[:3]


# -- one run at a time -----------------------------------------------------------------------------------------------


def test_a_store_is_written_by_one_run_at_a_time(store: Store) -> None:
    with store.writing(), pytest.raises(OutputFolderError, match="another synthgym process is writing here"):
        Store(store.folder).writing().__enter__()
    with store.writing():
        pass
    assert [path.name for path in store.folder.iterdir()] == ["run.json"]


def test_a_new_run_waits_for_writers_that_are_about_to_die(store: Store) -> None:
    straggler = store.writer()
    threading.Timer(0.4, straggler.close).start()
    with store.writing():
        pass


# -- journals and failures -------------------------------------------------------------------------------------------


def test_a_journal_is_there_while_the_episode_runs(store: Store) -> None:
    seen: list[list[Any]] = []

    def agent(observation: str, info: dict[str, Any]) -> str:
        (path,) = (store.folder / "journal").iterdir()
        seen.append([json.loads(line) for line in path.read_text().splitlines()])
        return ["validate", "submit"][info["step"]]

    journal = store.journal("e1", {"seed": 1})
    run_episode(gymnasium.make("toy/one-v0"), agent, watcher=journal)
    assert [len(lines) for lines in seen] == [2, 3]
    assert seen[1][0] == {"seed": 1}
    assert seen[1][2]["action"] == "validate"
    journal.finish()
    with store.writing():
        pass
    assert not (store.folder / "journal").exists()


def test_failures_are_noted_behind_torn_lines_too(store: Store) -> None:
    store.add_failure({"attempt": 1})
    with (store.folder / "failures.jsonl").open("ab") as file:
        file.write(b'{"attempt": ')
    store.add_failure({"attempt": 2})
    assert list(store.failures()) == [{"attempt": 1}, {"attempt": 2}]


# -- packed files ----------------------------------------------------------------------------------------------------


def test_packing_is_deterministic_and_sorted(tmp_path: Path, records: list[Trajectory]) -> None:
    assert write_packed(records, tmp_path / "a.jsonl.zst") == 6
    assert write_packed([*reversed(records), records[0]], tmp_path / "b.jsonl.zst") == 6
    assert (tmp_path / "a.jsonl.zst").read_bytes() == (tmp_path / "b.jsonl.zst").read_bytes()
    back = list(read_episodes(tmp_path / "a.jsonl.zst"))
    assert back == sorted(records, key=lambda record: (record.env_id, record.seed))
    write_packed(records, tmp_path / "c.jsonl.zst", timings=False)
    assert next(iter(read_episodes(tmp_path / "c.jsonl.zst"))).seconds == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl.zst", "b.jsonl.zst", "c.jsonl.zst"]


def test_packed_files_may_have_several_frames(tmp_path: Path, records: list[Trajectory]) -> None:
    path = tmp_path / "x.jsonl.zst"
    path.write_bytes(b"".join(zstandard.compress(record.to_line().encode() + b"\n") for record in records))
    assert list(read_episodes(path)) == records


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"\n", r"more than 100,000 blank lines"),
        (b" \t\r\n", r"more than 100,000 blank lines"),
        (b"x\n", r"line 1: not a trajectory.*, and so are 10,000 other lines"),
        (b"{}\n", r"line 1: not a trajectory.*, and so are 10,000 other lines"),
    ],
    ids=["empty", "blank", "no JSON", "objects"],
)
def test_lines_that_say_nothing_are_read_up_to_a_number(tmp_path: Path, line: bytes, said: str) -> None:
    """Of a packed file a few bytes stand for any number of them."""
    path = tmp_path / "episodes-0.jsonl.zst"
    path.write_bytes(zstandard.compress(line * 2_000_000))
    assert path.stat().st_size < 2000
    (tmp_path / "run.json").write_text('{"run": {}}')
    for read in (lambda: list(read_episodes(path)), lambda: Store(tmp_path).done()):
        with pytest.raises(UserError, match=said):
            read()


def test_a_packed_file_unpacks_to_no_more_than_episodes_would(
    tmp_path: Path, records: list[Trajectory], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.jsonl.zst"
    line = records[0].to_line().encode() + b"\n"
    path.write_bytes(zstandard.compress(line * 2000))
    assert len(list(read_episodes(path))) == 1
    monkeypatch.setattr(unpacking, "ALWAYS", len(line) * 1000)
    monkeypatch.setattr(unpacking, "MOST_TIMES", 1)
    with pytest.raises(UserError, match=r"x\.jsonl\.zst: its [\d,]+ bytes unpack to more than"):
        list(read_episodes(path))


def test_a_damaged_packed_file_is_explained(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl.zst").write_bytes(b"not zstd at all")
    with pytest.raises(UserError, match=r"x\.jsonl\.zst: not a zstd file, or a damaged one"):
        list(read_episodes(tmp_path / "x.jsonl.zst"))


def test_compacting(store: Store, records: list[Trajectory]) -> None:
    fill(store, records[:4])
    writers = [store.writer(), store.writer()]
    writers[1].add(records[4])
    for writer in writers:
        writer.close()
    assert store.compact() == 5
    assert sorted(path.name for path in store.folder.iterdir()) == ["episodes-2.jsonl.zst", "run.json"]
    fill(store, records[5:])
    assert {record.episode_id for record in store} == {record.episode_id for record in records}
    assert store.compact() == 6
    assert store.compact() == 6
    assert len(list(store)) == 6


def test_killed_while_writing(tmp_path: Path, records: list[Trajectory]) -> None:
    """A process is killed over and over while it writes; all it said was written is there, and no line is broken."""
    store = Store(tmp_path / "out")
    store.claim(RUN)
    script = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from synthgym.agents.trajectories.store import Store
        from synthgym.agents.trajectories.trajectory import read_line
        record = read_line(Path(sys.argv[2]).read_text(), "record")
        writer = Store(sys.argv[1]).writer()
        for k in range(100_000):
            writer.add(record.model_copy(update={"episode_id": f"{sys.argv[3]}-{k}"}))
            print(k, flush=True)
        """
    )
    (tmp_path / "record").write_text(records[0].to_line())
    written = set()
    for attempt in range(3):
        arguments = [sys.executable, "-c", script, str(store.folder), str(tmp_path / "record"), str(attempt)]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            for _ in range(5 + attempt):
                written.add(f"{attempt}-{process.stdout.readline().strip()}")
            process.kill()
            written.update(f"{attempt}-{line.strip()}" for line in process.stdout)
    assert written <= {record.episode_id for record in store}


def test_a_writer_leaves_nothing_open(store: Store) -> None:
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        ShardWriter(store.folder).close()
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_packed_file_that_was_cut_off_is_refused(tmp_path: Path, records: list[Trajectory]) -> None:
    whole = tmp_path / "whole.jsonl.zst"
    write_packed(records, whole)
    data = whole.read_bytes()
    assert len(list(read_episodes(whole))) == len(records)
    for cut in (1, 3, 7, len(data) // 3, len(data) // 2, len(data) - 5, len(data) - 1):
        (tmp_path / "cut.jsonl.zst").write_bytes(data[:cut])
        with pytest.raises(UserError, match="ends in the middle"):
            list(read_episodes(tmp_path / "cut.jsonl.zst"))
    (tmp_path / "two.jsonl.zst").write_bytes(data + data)  # of two frames
    assert len(list(read_episodes(tmp_path / "two.jsonl.zst"))) == len(records)  # every episode once
    (tmp_path / "two.jsonl.zst").write_bytes(data + data[:-40])
    with pytest.raises(UserError, match="ends in the middle"):
        list(read_episodes(tmp_path / "two.jsonl.zst"))


def test_frames_of_every_kind_are_followed_to_their_end(tmp_path: Path) -> None:
    from synthgym.agents.trajectories.zstd_frames import is_whole

    path = tmp_path / "file.zst"
    bodies = [b"", b"a", os.urandom(300_000), b"x" * 3_000_000, os.urandom(1000) * 400]
    for body in bodies:
        for options in ({}, {"write_checksum": True}, {"write_content_size": False}, {"level": 19}):
            compressor = zstandard.ZstdCompressor(**options)
            for data in (compressor.compress(body), b"\x50\x2a\x4d\x18\x03\0\0\0abc" + compressor.compress(body)):
                for cut in range(1, min(len(data), 40)):
                    path.write_bytes(data[:-cut])
                    with path.open("rb") as file:
                        assert not is_whole(file) or len(data) - cut == 11, (options, cut)
                path.write_bytes(data)
                with path.open("rb") as file:
                    assert is_whole(file)
                    assert file.tell() == 0
