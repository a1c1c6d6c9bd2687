"""Rollouts for TRL's `rollout_func`: whole episodes at once, in tokens as they were sampled, failures left out."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import tiny_model
from trl_parts import (  # noqa: F401
    IMPROVE,
    LINE,
    Script,
    config,
    damaged_challenge,
    fenced,
    kill_sandbox,
    left_over,
    line,
    model,
    owned_by,
)

from synthgym.agents.chat.settings import ChatSettings
from synthgym.agents.endpoint.errors import ModelRefused
from synthgym.base.errors import InfrastructureError, SandboxError, SpecError, UserError
from synthgym.envs.env import ChallengeEnv
from synthgym.train.trl import challenge_dataset, improvement_reward, rollout_func

Rows = list[list[dict[str, Any]]]


class Trainer:
    """As much of TRL's trainer as rollouts look at; the tests with TRL's own show that it has as much."""

    def __init__(self, positions: int = 100_000, most: int = 100_000, template: str = "qwen3.jinja") -> None:
        self._tokenizer = self.processing_class = tiny_model.tokenizer(template)
        self.eos_token_ids = [self._tokenizer.eos_token_id]
        self.chat_template, self.chat_template_kwargs = None, {}
        self.max_completion_length, self.temperature, self.top_p = most, 0.7, 1.0
        text = SimpleNamespace(max_position_embeddings=positions)
        self.model = SimpleNamespace(config=SimpleNamespace(get_text_config=lambda: text))
        self.generation_config = SimpleNamespace(max_new_tokens=most)
        self.state = SimpleNamespace(global_step=0)


@pytest.fixture
def prompts(line: str) -> Rows:  # noqa: F811
    return [row["prompt"] for row in challenge_dataset(line, sandbox="bubblewrap")] * 4


def text_of(trainer: Trainer, columns: dict[str, Any], at: int) -> str:
    return str(trainer._tokenizer.decode(columns["prompt_ids"][at] + columns["completion_ids"][at]))


def sampled(columns: dict[str, Any], at: int) -> list[int]:
    pairs = zip(columns["completion_ids"][at], columns["env_mask"][at], strict=True)
    return [each for each, own in pairs if own]


def test_episodes_are_what_was_sampled_and_shown(prompts: Rows) -> None:
    trainer = Trainer()

    def reply(sample: int, turn: int) -> str:
        good = ["I look first, and say no command.", fenced(f"echo sample-{sample}; {IMPROVE}"), fenced("submit")]
        return [good, good[1:], [fenced("submit || true")] * 3 + ["I give up."] * 3, good][sample][turn]

    script = Script(trainer, reply)
    columns = rollout_func(sandbox="bubblewrap")(prompts, trainer)
    assert columns["logprobs"] is None  # as TRL's own way with transformers
    assert columns["sequences"] == [1] * 4
    assert columns["steps"] == [2, 2, 4, 2]
    assert columns["exit_status"] == ["submitted", "submitted", "finished", "submitted"]
    assert [round(each, 1) for each in columns["improvement"]] == [1.0, 1.0, 0.0, 1.0]
    assert columns["reward"] == pytest.approx(columns["improvement"])
    for at in range(4):
        assert sampled(columns, at) == [token for said in script.said[at] for token in said]
        assert columns["completion_ids"][at][-1] == trainer._tokenizer.eos_token_id
        assert columns["env_mask"][at][0] == 1
    whole = text_of(trainer, columns, 0)
    assert whole.startswith("<|im_start|>system\nYou improve a machine-learning program.")
    assert "holds no command" in whole
    assert "sample-0\nwrote predictions.csv\nvalidation score 0.10" in whole
    # Turn by turn it is what the template shows of the conversation.
    turns = [part.split("<|im_end|>")[0] for part in whole.split("<|im_start|>")[1:]]
    assert [turn.split("\n")[0] for turn in turns] == ["system", "user", *["assistant", "user"] * 2, "assistant"]
    assert whole.count("<|im_end|>\n<|im_start|>") == whole.count("<|im_start|>") - 1


def test_what_was_sampled_is_never_tokenised_again(prompts: Rows) -> None:
    """A reply in tokens that its text would not be cut into, and one that ends without a mark."""
    trainer = Trainer(most=3000)
    marks = trainer._tokenizer.convert_tokens_to_ids("<think>")
    in_bytes = [each for sign in "<think>" for each in trainer._tokenizer(sign, add_special_tokens=False)["input_ids"]]
    assert len(in_bytes) == 7
    odd = [*in_bytes, *trainer._tokenizer("</think>\n" + fenced("ls"), add_special_tokens=False)["input_ids"]]
    replies: list[Any] = [[*odd, trainer._tokenizer.eos_token_id], odd[:60], fenced("submit || true")]
    script = Script(trainer, lambda sample, turn: replies[turn] if turn < 3 else "Enough.")
    columns = rollout_func(sandbox="bubblewrap", chat=ChatSettings(format_tries=2))(prompts[:1], trainer)
    assert columns["sequences"] == [1]
    assert sampled(columns, 0) == [token for said in script.said[0] for token in said]
    assert marks not in sampled(columns, 0)
    assert sampled(columns, 0)[: len(in_bytes)] == in_bytes
    assert text_of(trainer, columns, 0).count("<|im_end|>") == text_of(trainer, columns, 0).count("<|im_start|>")


def test_episodes_of_a_batch_run_at_once_and_generate_together(prompts: Rows) -> None:
    trainer, sizes = Trainer(), []
    script = Script(trainer, lambda sample, turn: fenced("sleep 1" if turn == 0 else "submit || true"))
    inner = trainer._generate_single_turn  # type: ignore[attr-defined]

    def counted(ids: list[list[int]], *others: Any) -> Any:
        sizes.append(len(ids))
        return inner(ids, *others)

    trainer._generate_single_turn = counted  # type: ignore[attr-defined]
    began = time.monotonic()
    rollout_func(sandbox="bubblewrap", max_steps=2)(prompts, trainer)
    assert time.monotonic() - began < 4
    assert sizes == [4, 4]
    sizes.clear()
    rollout_func(sandbox="bubblewrap", max_steps=1, at_once=2)(prompts, trainer)
    assert max(sizes) == 2
    assert sum(sizes) == 4
    assert script.said


def flaky(monkeypatch: pytest.MonkeyPatch, fails: Callable[[], bool]) -> None:
    """Kills sandboxes before a step."""
    step = ChallengeEnv.step

    def dying(self: ChallengeEnv, action: str) -> Any:
        if fails():
            kill_sandbox(self)
        return step(self, action)

    monkeypatch.setattr(ChallengeEnv, "step", dying)


def test_what_infrastructure_fails_is_tried_again_then_left_out(prompts: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    trainer, left = Trainer(), [1]
    script = Script(trainer, lambda sample, turn: fenced(IMPROVE if turn == 0 else "submit"))
    flaky(monkeypatch, lambda: bool(left) and left.pop() is not None)
    columns = rollout_func(sandbox="bubblewrap")(prompts, trainer)
    assert [round(each) for each in columns["improvement"]] == [1] * 4
    left.append(1)
    columns = rollout_func(sandbox="bubblewrap", retries=0)(prompts, trainer)
    assert columns["improvement"].count(None) == columns["reward"].count(None) == 1
    failed = columns["improvement"].index(None)
    assert columns["sequences"][failed] == 0
    assert columns["env_mask"][failed] == [0]
    assert len(columns["completion_ids"][failed]) == 1  # TRL takes no empty one
    assert [round(each) for each in columns["improvement"] if each is not None] == [1] * 3
    assert improvement_reward(prompts, **columns) == columns["improvement"]
    flaky(monkeypatch, lambda: True)
    with pytest.raises(InfrastructureError, match="all 4 episodes failed"):
        rollout_func(sandbox="bubblewrap", retries=0)(prompts, trainer)
    columns = rollout_func(sandbox="bubblewrap", retries=1)(prompts, trainer)
    assert columns["exit_status"] == ["sandbox_died"] * 4, "twice in its hands: nobody else's doing"
    assert columns["improvement"] == columns["reward"] == [0.0] * 4
    assert script.said


def test_an_episode_ends_where_its_tokens_do_and_is_graded(prompts: Rows) -> None:
    trainer = Trainer(most=700)
    Script(trainer, lambda sample, turn: fenced(IMPROVE) if turn == 0 else "x" * 1000)
    columns = rollout_func(sandbox="bubblewrap")(prompts[:1], trainer)
    assert len(columns["completion_ids"][0]) <= 700
    assert columns["improvement"][0] > 0.9
    assert trainer.generation_config.max_new_tokens == 700
    small = Trainer(positions=200)
    Script(small, lambda sample, turn: fenced("submit"))
    with pytest.raises(InfrastructureError, match="the briefing has"):
        rollout_func(sandbox="bubblewrap")(prompts[:1], small)


def test_templates_without_a_system_role_and_of_other_makes(prompts: Rows) -> None:
    for template, mark in (("gemma.jinja", "<start_of_turn>model\n"), ("llama3.jinja", "assistant<|end_header_id|>")):
        trainer = Trainer(template=template)
        script = Script(trainer, lambda sample, turn: [fenced("echo on"), fenced(IMPROVE), fenced("submit")][turn])
        columns = rollout_func(sandbox="bubblewrap")(prompts[:1], trainer)
        assert columns["sequences"] == [1]
        assert columns["improvement"][0] > 0.9
        assert sampled(columns, 0) == [token for said in script.said[0] for token in said]
        whole = text_of(trainer, columns, 0)
        assert "You improve a machine-learning program." in whole
        assert whole.count(mark) == 3


def test_what_is_wrong_is_said(prompts: Rows, line: str) -> None:  # noqa: F811
    trainer = Trainer()
    Script(trainer, lambda sample, turn: fenced("submit"))
    with pytest.raises(UserError, match="prompts of challenge_dataset"):
        rollout_func()([[{"role": "user", "content": "Hello"}]], trainer)
    with pytest.raises(UserError, match="base_url and model together"):
        rollout_func("http://127.0.0.1:9/v1")
    with pytest.raises(UserError, match="steps_at_most"):
        rollout_func(steps_at_most=1)(prompts, trainer)
    with pytest.raises(UserError, match="a finite number"):
        rollout_func(reward=lambda event: None)(prompts, trainer)
    with pytest.raises(UserError, match="environment_factory"):
        improvement_reward([[]])
    broken = Trainer()
    broken._tokenizer.chat_template = None
    with pytest.raises(UserError, match="chat template"):
        rollout_func(sandbox="bubblewrap")(prompts, broken)


@pytest.fixture
def damaged(tmp_path: Path) -> Iterator[str]:
    """The id of a challenge whose folder was damaged after it was registered."""
    yield from damaged_challenge(tmp_path)


def test_a_challenge_that_was_damaged_costs_itself(prompts: Rows, damaged: str) -> None:
    trainer = Trainer()
    Script(trainer, lambda sample, turn: fenced(IMPROVE) if turn == 1 else fenced("submit"))
    gone = [[{"role": "user", "content": "Go.", "env_id": damaged, "seed": 0}]]
    rollouts = rollout_func(sandbox="bubblewrap")
    columns = rollouts([*prompts[:2], *gone * 2], trainer)
    assert columns["improvement"] == [pytest.approx(1.0, abs=0.1)] * 2 + [None] * 2
    assert columns["sequences"] == [1, 1, 0, 0]
    for _ in range(11):  # a batch may be one challenge
        assert rollouts(gone * 2, trainer)["reward"] == [None, None]
    with pytest.raises(SpecError, match="damaged/line"):
        rollouts(gone * 2, trainer)


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_whatever_ends_the_generation_leaves_nothing_behind(prompts: Rows, error: type[BaseException]) -> None:
    before, threads = owned_by(os.getpid()), threading.active_count()
    trainer = Trainer()

    def reply(sample: int, turn: int) -> str:
        if turn == 1:
            raise error
        return fenced("setsid sleep 1000 & disown")

    Script(trainer, reply)
    with pytest.raises(error):
        rollout_func(sandbox="bubblewrap")(prompts, trainer)
    assert not left_over(before)
    assert threading.active_count() <= threads


def test_an_error_in_an_episode_ends_the_others(prompts: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    before, step = owned_by(os.getpid()), ChallengeEnv.step

    def failing(self: ChallengeEnv, action: str) -> Any:
        if "fail" in action:
            raise UserError("the reward function is wrong")
        return step(self, action)

    monkeypatch.setattr(ChallengeEnv, "step", failing)
    trainer = Trainer()
    Script(trainer, lambda sample, turn: fenced("fail" if sample == 0 else "sleep 15"))
    began = time.monotonic()
    with pytest.raises(UserError, match="the reward function is wrong"):
        rollout_func(sandbox="bubblewrap")(prompts, trainer)
    assert time.monotonic() - began < 8
    assert not left_over(before)


def test_an_endpoints_tokens_are_trained_on(prompts: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    from token_endpoint import Say, TokenEndpoint

    monkeypatch.setenv("OPENAI_API_KEY", "key")
    trainer = Trainer()
    says = [Say("No command."), Say(fenced(IMPROVE)), Say(fenced("submit"))]
    with TokenEndpoint(tiny_model.tokenizer("qwen3_instruct_2507.jinja"), says) as endpoint:
        asked: list[Any] = []

        def named(given: Any) -> str:
            asked.append(given)
            return "step-0"

        columns = rollout_func(endpoint.url, named, sandbox="bubblewrap")(prompts[:1], trainer)
        assert asked == [trainer]
        request = endpoint.requests[0]
        sent = {name: request.get(name) for name in ("model", "temperature", "top_p", "max_tokens")}
        assert sent == {"model": "step-0", "temperature": 0.7, "top_p": 1.0, "max_tokens": 100_000}
        assert sampled(columns, 0) == [each for said in endpoint.sampled for each in said.ids]
        own = zip(columns["logprobs"][0], columns["env_mask"][0], strict=True)
        told = [logprob for logprob, mask in own if mask]
        assert told == pytest.approx([each for said in endpoint.sampled for each in said.logprobs])
        assert columns["prompt_ids"][0] == endpoint.sampled[0].prompt
        assert columns["improvement"][0] > 0.9


def test_of_several_sequences_the_longest_is_trained_on(prompts: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    from endpoint import Endpoint, failure
    from token_endpoint import Say, TokenEndpoint

    monkeypatch.setenv("OPENAI_API_KEY", "key")
    says = [
        Say(fenced("seq 2000")),
        Say(fenced("seq 2000")),
        Say(fenced("echo these are the sentences to be cut in other pieces"), cut=True),
        Say(fenced("submit || true")),
    ]
    trainer = Trainer()
    with TokenEndpoint(tiny_model.tokenizer("qwen3_instruct_2507.jinja"), says) as endpoint:
        rollouts = rollout_func(
            endpoint.url, "m", chat=ChatSettings(history=12_000, keep=1), sandbox="bubblewrap", max_steps=4
        )
        with pytest.warns(UserWarning, match="1 of 1 episodes are several sequences"):
            columns = rollouts(prompts[:1], trainer)
        assert columns["sequences"] == [3]
        assert sampled(columns, 0) == max((said.ids for said in endpoint.sampled), key=len)
    refused = rollout_func("http://127.0.0.1:9/v1", "m", sandbox="bubblewrap", retries=0, chat=ChatSettings(attempts=1))
    with pytest.raises(InfrastructureError, match="all 2 episodes failed"):
        refused(prompts[:2], trainer)
    with (
        Endpoint(lambda request: failure(401, "no such key")) as closed,
        pytest.raises(ModelRefused, match="no such key"),
    ):
        rollout_func(closed.url, "m", sandbox="bubblewrap")(prompts[:2], trainer)


@pytest.mark.slow
def test_trl_trains_with_rollouts(
    line: str,  # noqa: F811
    model: str,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of four samples one is good, one does nothing, one never gets a sandbox; the weights move and stay finite."""
    import torch
    from trl import GRPOTrainer

    before, reset = owned_by(os.getpid()), ChallengeEnv.reset
    lock, count = threading.Lock(), [0]

    def short_of_sandboxes(self: ChallengeEnv, **arguments: Any) -> Any:
        with lock:
            count[0] += 1
            if count[0] % 4 == 0:
                raise SandboxError("no room")
        return reset(self, **arguments)

    monkeypatch.setattr(ChallengeEnv, "reset", short_of_sandboxes)
    trainer = GRPOTrainer(
        model,
        improvement_reward,
        args=config(tmp_path),
        train_dataset=challenge_dataset(line, seeds=4),
        rollout_func=rollout_func(sandbox="bubblewrap", retries=0),
    )
    Script(trainer, lambda sample, turn: fenced([IMPROVE if sample != 1 else "true", "submit || true"][min(turn, 1)]))
    weights = [each.detach().clone() for each in trainer.model.parameters()]
    trainer.train()
    rewards, advantages = (
        list(each) for each in (trainer._logs["rewards"]["improvement_reward"], trainer._logs["advantages"])
    )
    assert sum(map(math.isnan, rewards)) == 1
    assert all(advantage == 0 for reward, advantage in zip(rewards, advantages, strict=True) if math.isnan(reward))
    assert {round(reward) for reward in rewards if not math.isnan(reward)} <= {0, 1}
    assert [entry["episodes/failed"] for entry in trainer.state.log_history if "loss" in entry] == [0.25, 0.25]
    assert any(not torch.equal(old, new) for old, new in zip(weights, trainer.model.parameters(), strict=True))
    assert all(bool(torch.isfinite(each).all()) for each in trainer.model.parameters())
    assert not left_over(before)


@pytest.mark.slow
def test_trl_trains_on_what_the_model_itself_says(line: str, model: str, tmp_path: Path) -> None:  # noqa: F811
    from trl import GRPOTrainer

    trainer = GRPOTrainer(
        model,
        improvement_reward,
        args=config(tmp_path, max_completion_length=300),
        train_dataset=challenge_dataset(line),
        rollout_func=rollout_func(sandbox="bubblewrap"),
    )
    trainer.train()
    assert trainer.state.global_step == 2
    lengths = [entry["completions/max_length"] for entry in trainer.state.log_history if "loss" in entry]
    assert all(0 < length <= 300 for length in lengths)
