from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import gymnasium
import pytest
from endpoint import Endpoint, command, reply

from synthgym.agents.chat.agent import ChatAgent, load_prompt
from synthgym.agents.chat.settings import ChatSettings
from synthgym.agents.episode import run_episode
from synthgym.agents.trajectories.export import export_messages, samples, turns
from synthgym.agents.trajectories.filters import Filter, FilterSettings, characters_by_four
from synthgym.agents.trajectories.trajectory import Trajectory
from synthgym.base.errors import OutputFolderError


def episode(*commands: str, seed: int = 0, max_steps: int = 6) -> Trajectory:
    def agent(observation: str, info: dict[str, Any]) -> str:
        return commands[info["step"]]

    return run_episode(gymnasium.make("toy/one-v0", max_steps=max_steps), agent, seed=seed)


GOOD = ("score 0.5", "validate", "submit")


def test_reasons_are_counted_once_each() -> None:
    keep = Filter(FilterSettings(submitted=True, min_improvement=0.2, max_tokens=200))
    records = [
        episode(*GOOD),
        episode(*GOOD, seed=1),
        episode("score 0.9", "submit"),
        episode("score -1", "submit", "validate"),
        episode("score -1", "ls", max_steps=3),
        episode("score 0.1", "submit"),
        episode("x" * 1000, "score 0.5", "submit"),
    ]
    kept = list(keep(records))
    assert kept == [records[0], records[2]]
    report = keep.report
    assert (report.seen, report.kept) == (7, 2)
    assert report.dropped == {"agent_error": 2, "duplicate": 1, "too_little_improvement": 1, "too_long": 1}
    assert report.environments == {"toy/one-v0": 2}


def test_scored_once_is_enough_by_default() -> None:
    def stops(observation: str, info: dict[str, Any]) -> str:
        from synthgym.agents.agent import Stop

        if info["step"] == 2:
            raise Stop("enough", submit=False)
        return ["score 0.5", "validate"][info["step"]]

    scored = run_episode(gymnasium.make("toy/one-v0"), stops)
    assert scored.outcome.exit_status == "agent_stopped"
    assert list(Filter()([scored])) == [scored]
    submitted = Filter(FilterSettings(submitted=True))
    assert list(submitted([scored])) == []
    assert submitted.report.dropped == {"not_submitted": 1}

    def gives_up(observation: str, info: dict[str, Any]) -> str:
        from synthgym.agents.agent import Stop

        raise Stop("enough", submit=False)

    keep = Filter()
    assert list(keep([run_episode(gymnasium.make("toy/one-v0"), gives_up)])) == []
    assert keep.report.dropped == {"never_scored": 1}


def test_a_tokeniser_of_ones_own() -> None:
    record = episode(*GOOD)
    words = Filter(FilterSettings(max_tokens=1000), count_tokens=lambda text: len(text.split()))
    assert words.tokens(record) == sum(len(message["content"].split()) for message in turns(record))
    assert characters_by_four("abcde") == 2


def test_an_agent_without_a_model_becomes_a_conversation() -> None:
    record = episode(*GOOD)
    messages = turns(record)
    assert [message["role"] for message in messages] == ["system", "user", *["assistant", "user"] * 2, "assistant"]
    assert messages[0]["content"] == load_prompt("short")
    assert messages[1]["content"] == record.reset.observation
    assert messages[2]["content"] == "```bash\nscore 0.5\n```"
    assert messages[3]["content"] == "score is 0.5"


def test_it_is_the_conversation_a_model_would_be_shown() -> None:
    """What a student is trained on and what it is served later are the same, to the character."""
    teacher = episode(*GOOD)
    told = [message["content"] for message in turns(teacher) if message["role"] == "assistant"]
    with Endpoint([reply(text) for text in told]) as endpoint:
        student = run_episode(gymnasium.make("toy/one-v0"), ChatAgent("m", endpoint.url))
    assert turns(student) == turns(teacher) == student.messages


def test_replies_without_a_command_are_not_learned() -> None:
    with Endpoint([reply("hm"), reply(command("submit"))]) as endpoint:
        record = run_episode(gymnasium.make("toy/one-v0"), ChatAgent("m", endpoint.url))
    (sample,) = samples(record)
    assert [message.get("weight") for message in sample["messages"]] == [None, None, 0, None, None]


def test_each_state_of_a_cut_conversation_is_a_sample() -> None:
    with Endpoint(lambda request: reply(command("x" * 300))) as endpoint:
        agent = ChatAgent("m", endpoint.url, ChatSettings(history=1500, keep=1))
        record = run_episode(gymnasium.make("toy/one-v0", max_steps=6), agent)
    all_samples = list(samples(record))
    assert len(all_samples) == len(record.earlier) + 1 > 1
    learned = []
    for sample in all_samples:
        messages = sample["messages"]
        for position, message in enumerate(messages):
            if message["role"] == "assistant" and "weight" not in message:
                learned.append([{k: v for k, v in m.items() if k != "weight"} for m in messages[:position]])
    assert learned == [request["messages"] for request in endpoint.requests]


def test_exporting(tmp_path: Path) -> None:
    path = tmp_path / "new" / "train.jsonl"
    assert export_messages([episode(*GOOD), episode("score 0.9", "submit")], path) == 2
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [set(line) for line in lines] == [{"messages"}] * 2
    assert lines[1]["messages"][-1]["content"] == "```bash\nsubmit\n```"
    assert list(path.parent.iterdir()) == [path]
    with pytest.raises(OutputFolderError):
        export_messages([], "/proc/no/train.jsonl")
