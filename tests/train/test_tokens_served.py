"""Tokens as they were, of a real model behind a real server: an account of its own, held against the model itself.

A small student is trained for seconds, so that it plays a shipped challenge, mostly; what it does wrong is wanted here
too. What the server said of its replies is what the model gives for them, computed anew from the sequences alone.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import gymnasium
import pytest
from env_fixtures import needs
from shipped import TEACHER

import synthgym  # noqa: F401  its import registers the shipped collections
from synthgym.agents.calls import full_prompts
from synthgym.agents.episode import run_episode
from synthgym.agents.specs import parse_spec
from synthgym.agents.trajectories.export import turns
from synthgym.agents.trajectories.store import read_episodes
from synthgym.agents.trajectories.trajectory import Trajectory
from synthgym.train.models.resolve import load_model
from synthgym.train.models.saving import save_model
from synthgym.train.models.template import to_tokens
from synthgym.train.sequences import sequences_of
from synthgym.train.serving import find_vllm, serve
from synthgym.train.small.student import StudentConfig, new_student
from synthgym.train.small.tokenizer import train_tokenizer

SHIPPED = "synthgym/digits-accuracy-0512-v0"
WARM = 0.6
"""Temperature: it plays, mostly, and does wrong now and then."""
THOUGHTS = "<think>Let me see.</think>\n"


@pytest.fixture(scope="module")
def student(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Learns one conversation by heart, thoughts included."""
    import torch

    needs("bubblewrap")

    records = [record for record in read_episodes(TEACHER) if "game" not in record.env_id][:70]
    tokenizer = train_tokenizer([turns(record) for record in records], words=500, phrases=100)
    tokenizer.add_tokens(["<think>", "</think>"])  # vLLM's parser looks for them
    (played,) = [turns(record) for record in records if record.env_id == SHIPPED]
    messages = [
        {**message, "content": THOUGHTS + message["content"]} if message["role"] == "assistant" else message
        for message in played
    ]
    env = gymnasium.make(SHIPPED, sandbox="bubblewrap", max_steps=12)
    messages[1]["content"], _ = env.reset(seed=0)  # what it is told of this machine's limits
    env.close()
    ids, replies = to_tokens(tokenizer, messages)
    learned = torch.tensor([ids])
    labels = torch.full_like(learned, -100)
    for start, end in replies:
        labels[0, start:end] = learned[0, start:end]
    model = new_student(StudentConfig(width=64, layers=2, inner=128), tokenizer)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(80):
        model(learned, labels=labels).loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    folder = tmp_path_factory.mktemp("student")
    save_model(model, tokenizer, folder)
    return folder


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("parser", [False, True])
def test_what_a_server_says_was_sampled_is_what_the_model_gives(student: Path, parser: bool) -> None:
    """With thoughts in the text, and with thoughts that vLLM's own parser takes out of it."""
    if find_vllm() is None:
        pytest.skip("vLLM is not installed here: make vllm")
    with serve(student, engine="vllm", max_lora_rank=None, threads=1, thoughts=parser) as server:
        assert server.tokens
        spec = f"student={server.spec(tokens=True, temperature=WARM)}"
        agent = parse_spec(f"{spec}&max_tokens=90&history=1600&keep=1")
        assert agent.preflight() is None

        def run(sample: int) -> Trajectory:
            env = gymnasium.make(SHIPPED, sandbox="bubblewrap", max_steps=12)
            try:
                return run_episode(env, agent, seed=0, sample=sample)
            finally:
                env.close()

        with ThreadPoolExecutor(3) as pool:
            records = list(pool.map(run, range(6)))
        records.append(cut_off(spec))
    model, tokenizer = load_model(student)
    for record in records:
        as_said(record, tokenizer, parser)
        as_the_model_gives(record, model)
    calls = [call for record in records for call in record.calls]
    assert any(call.valid for call in calls)
    assert not all(call.valid for call in calls)
    assert any(call.cut_off for call in calls)
    assert any(THOUGHTS in tokenizer.decode(call.ids) for call in calls)
    assert any(record.earlier for record in records), "a history was shortened"
    made = [len(sequences_of(record)) for record in records]
    if parser:
        assert sum(made) == len(calls), "no reply is shown with its thoughts again"
    else:
        assert len(records) < sum(made) < len(calls), "calls follow each other, but where the history was shortened"
    assert len({tuple(step.action for step in record.steps) for record in records}) > 1, "samples differ"


def cut_off(spec: str) -> Trajectory:
    """An episode of a model that is never let finish a reply."""
    env = gymnasium.make(SHIPPED, sandbox="bubblewrap")
    record = run_episode(env, parse_spec(f"{spec}&max_tokens=3"))
    env.close()
    assert [(call.valid, call.cut_off, len(call.ids)) for call in record.calls] == [(False, True, 3)] * 3
    return record


def as_said(record: Trajectory, tokenizer: Any, parser: bool) -> None:
    """Each reply is what its tokens say, and each prompt what the template makes of the conversation then."""
    assert record.usage
    assert len(record.calls) == record.usage.calls > 0
    states = [*record.earlier, record.messages]
    prompts = full_prompts(record.calls)
    positions = [n for n, message in enumerate(record.messages) if message["role"] == "assistant"]
    assert len(positions) == len(record.calls)
    for position, call, prompt in zip(positions, record.calls, prompts, strict=True):
        shown = next(state for state in states if len(state) > position)
        said = tokenizer.decode(call.ids, skip_special_tokens=True)
        content = shown[position]["content"]
        if parser and content != "(no reply)":
            assert content in said.replace("</think>", ""), "a part of it"
        elif not parser:
            assert content == (said if said.strip() else "(no reply)")
        assert prompt == tokenizer.apply_chat_template(
            shown[:position], add_generation_prompt=True, tokenize=True, return_dict=False
        )
        assert (call.ids[-1] == tokenizer.eos_token_id) is not call.cut_off


def as_the_model_gives(record: Trajectory, model: Any) -> None:
    """The log-probabilities of what would be trained on are those that it is sampled with in that very context."""
    import torch

    trained = 0
    for sequence in sequences_of(record):
        ids = torch.tensor([sequence.ids])
        with torch.no_grad():
            given = (model(ids).logits[0, :-1] / WARM).log_softmax(-1).gather(1, ids[0, 1:, None])[:, 0]
        sampled = torch.tensor(sequence.mask[1:], dtype=torch.bool)
        told = torch.tensor(sequence.logprobs[1:])
        torch.testing.assert_close(given[sampled], told[sampled], atol=2e-3, rtol=2e-3)
        trained += int(sampled.sum())
    assert trained == sum(len(call.ids) for call in record.calls)
