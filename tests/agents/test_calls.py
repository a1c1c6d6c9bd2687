"""Calls in tokens, and how they are written. The tokens here are drawn by chance; real ones are in `test_tokens`."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import toy_agents
import zstandard
from pydantic import ValidationError
from shipped import TEACHER
from toy_env import ToyEnv

from synthgym.agents.calls import Call, Calls, full_prompts
from synthgym.agents.episode import run_episode
from synthgym.agents.mlgym.results import export_results
from synthgym.agents.number_lists import read_floats, read_ids, write_floats, write_ids
from synthgym.agents.trajectories.export import export_messages
from synthgym.agents.trajectories.store import Store, read_episodes, write_packed
from synthgym.agents.trajectories.trajectory import SCHEMA, Trajectory, read_line
from synthgym.base.errors import UserError


def drawn(seed: int, count: int = 6, vocabulary: int = 5) -> list[tuple[list[int], list[int], list[float]]]:
    """Prompts, replies and log-probabilities; few different tokens, so that much is alike by chance."""
    dice = random.Random(seed)

    def some(most: int) -> list[int]:
        return [dice.randrange(vocabulary) for _ in range(dice.randrange(most))]

    made: list[tuple[list[int], list[int], list[float]]] = []
    for _ in range(count):
        before = [*made[-1][0], *made[-1][1]] if made else []
        start = before[: dice.choice([len(before), dice.randrange(len(before) + 1)])]
        ids = some(5)
        made.append(([*start, *some(4)], ids, [-dice.expovariate(1) for _ in ids]))
    return made


@pytest.mark.parametrize("seed", range(50))
def test_prompts_come_back_whole(seed: int) -> None:
    calls = Calls()
    made = drawn(seed)
    for prompt, ids, logprobs in made:
        calls.add(prompt, ids, logprobs)
    read = [Call.model_validate_json(call.model_dump_json()) for call in calls.made]
    assert read == calls.made
    assert full_prompts(read) == [prompt for prompt, _, _ in made]
    assert [call.ids for call in read] == [ids for _, ids, _ in made]
    for call, before, (prompt, _, _) in zip(read[1:], made, made[1:], strict=False):
        whole = [*before[0], *before[1]]
        assert prompt[: call.shared] == whole[: call.shared]
        assert prompt[: call.shared + 1] != whole[: call.shared + 1] or len(prompt) == call.shared == len(whole)


def test_numbers_as_texts() -> None:
    ids = [0, 84, 85, 49_151, 151_935, 262_207, 85**3 - 1]
    assert read_ids(write_ids(ids)) == ids
    assert len(write_ids(ids)) == 1 + 3 * len(ids)
    assert read_ids(write_ids([*ids, 2**32 - 1])) == [*ids, 2**32 - 1]
    assert read_ids(write_ids([])) == []
    floats = np.float32([-0.0, 0.0, -1.1920928955078125e-07, -9.25, -float(np.pi), -103.5]).tolist()
    assert read_floats(write_floats(floats)) == floats
    assert json.dumps(write_ids(list(range(85)))).count("\\") == 0


@pytest.mark.parametrize("text", ["", "3", "x", "30", "3 00", "6000000", "5~~~~~", "3é00", '3"00'])
def test_texts_that_are_no_numbers(text: str) -> None:
    if text == "3":
        assert read_ids(text) == []
        return
    with pytest.raises(ValueError, match="expected"):
        read_ids(text)


@pytest.mark.parametrize(
    "given",
    [
        {"ids": [1], "logprobs": []},
        {"ids": [-1], "logprobs": [0.0]},
        {"ids": [1], "logprobs": [float("nan")]},
        {"ids": [1], "logprobs": [1e300]},
        {"ids": [1], "logprobs": None},
        {"ids": "3zz", "logprobs": [0.0]},
        {"ids": [2**32], "logprobs": [0.0]},
        {"ids": [1], "logprobs": [-0.5], "shared": -1},
    ],
)
def test_calls_that_are_none(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Call.model_validate({"prompt_ids": [1], **given})


def test_logprobs_are_kept_as_float32() -> None:
    call = Call(prompt_ids=[], ids=[1], logprobs=[-0.1])
    assert call.logprobs == [float(np.float32(-0.1))]
    assert Call.model_validate_json(call.model_dump_json()) == call


# -- records ---------------------------------------------------------------------------------------------------------


class InTokens:
    """An agent with calls of its own."""

    name = "in-tokens"

    def __init__(self, seed: int) -> None:
        self.calls = Calls()
        for prompt, ids, logprobs in drawn(seed):
            self.calls.add(prompt, ids, logprobs, valid=False)
        self.calls = self.calls.made  # type: ignore[assignment]

    def __call__(self, observation: str, info: dict[str, Any]) -> str:
        return "submit"


@pytest.fixture(scope="module")
def record() -> Trajectory:
    return run_episode(ToyEnv(), InTokens, seed=3, env_id="toy/one-v0")


def test_a_record_with_calls(record: Trajectory) -> None:
    assert [call.ids for call in record.calls] == [ids for _, ids, _ in drawn(3)]
    line = record.to_line()
    data = json.loads(line)
    assert (data["schema"], data["sample"]) == (2, 0)
    assert isinstance(data["calls"][0]["ids"], str)
    assert read_line(line, "x") == record
    assert Trajectory.model_validate(record.model_dump()) == record


def test_a_record_with_calls_that_json_cannot_hold_otherwise(record: Trajectory) -> None:
    odd = record.model_copy(update={"messages": [{"role": "user", "content": "\ud800"}]})
    assert read_line(odd.to_line(), "x").calls == record.calls


def test_what_agents_say_of_calls_is_looked_at() -> None:
    agent = InTokens(0)
    agent.calls = [{"prompt_ids": [1], "ids": [2], "logprobs": []}]  # type: ignore[assignment]
    with pytest.warns(UserWarning, match="agent 'in-tokens': its calls is left out"):
        assert run_episode(ToyEnv(), agent).calls == []


def test_stores_packs_and_exports(record: Trajectory, tmp_path: Path) -> None:
    other = run_episode(ToyEnv(), InTokens, seed=3, sample=1, env_id="toy/one-v0")
    plain = run_episode(ToyEnv(), toy_agents.Seeded, seed=3, env_id="toy/one-v0")
    store = Store(tmp_path / "out")
    store.claim({"agent": "in-tokens"})
    writer = store.writer()
    for each in (other, record, plain):
        writer.add(each)
    writer.close()
    assert set(store.done()) == {each.episode_id for each in (record, other, plain)}
    assert store.compact() == 3
    assert list(store) == [record, other, plain], "sorted by agent, seed and sample"
    with store.writing():
        assert store.take_out([other.episode_id]) == 1
    assert list(store) == [record, plain]
    write_packed(store, tmp_path / "all.jsonl", timings=False)
    again = list(read_episodes(tmp_path / "all.jsonl"))
    assert [each.calls for each in again] == [record.calls, []]
    assert [json.loads(line)["schema"] for line in (tmp_path / "all.jsonl").read_text().splitlines()] == [2, 1]
    export_messages(store, tmp_path / "messages.jsonl")
    assert "prompt_ids" not in (tmp_path / "messages.jsonl").read_text()
    export_results(store, tmp_path / "mlgym")
    assert all("prompt_ids" not in path.read_text() for path in (tmp_path / "mlgym").rglob("*") if path.is_file())


# -- versions --------------------------------------------------------------------------------------------------------


def test_the_shipped_pack_is_read_and_packed_again_to_the_same_bytes(tmp_path: Path) -> None:
    lines = zstandard.ZstdDecompressor().stream_reader(TEACHER.read_bytes()).read().decode().splitlines()
    assert {json.loads(line)["schema"] for line in lines} == {1}, "written by a release that knew no calls"
    records = [read_line(line, "pack") for line in lines]
    assert {each.schema_version for each in records} == {SCHEMA} == {3}
    assert not any(each.calls or each.sample for each in records)
    assert [each.to_line() for each in records] == lines
    write_packed(read_episodes(TEACHER), tmp_path / "again.jsonl.zst", timings=False)
    assert (tmp_path / "again.jsonl.zst").read_bytes() == TEACHER.read_bytes()


def test_an_episode_without_calls_is_written_as_ever() -> None:
    data = json.loads(run_episode(ToyEnv(), toy_agents.Seeded).to_line())
    assert data["schema"] == 1
    assert not {"calls", "sample"} & set(data)


@pytest.mark.parametrize("schema", [4, 9])
def test_records_of_a_newer_release_are_not_guessed_at(record: Trajectory, schema: int) -> None:
    line = json.dumps({**json.loads(record.to_line()), "schema": schema})
    with pytest.raises(UserError, match=f"x: a record of format {schema}; this synthgym reads up to 3; upgrade"):
        read_line(line, "x")
