"""Environments for TRL's `environment_factory`: an episode by tools, its reward, and what becomes of failures."""

from __future__ import annotations

import gc
import math
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from trl_parts import (  # noqa: F401
    IMPROVE,
    LINE,
    Script,
    call,
    config,
    damaged_challenge,
    kill_sandbox,
    left_over,
    line,
    model,
    owned_by,
)

from synthgym.base.errors import GraderError, InfrastructureError, NotAsStated, SandboxError, Unplayable, UserError
from synthgym.envs.env import ChallengeEnv
from synthgym.train.trl import ChallengeTools, challenge_dataset, environment_factory

Start = Callable[..., ChallengeTools]


@pytest.fixture
def start(line: str) -> Iterator[Start]:  # noqa: F811
    """Makes an environment and begins an episode."""
    rows = challenge_dataset(line, system="tools", sandbox="bubblewrap")

    def begin(**settings: Any) -> ChallengeTools:
        made = environment_factory(sandbox="bubblewrap", **settings)()
        assert made.reset(**rows[0]) is None
        return made

    return begin


def test_a_good_episode_is_paid_its_improvement(start: Start) -> None:
    tools = start()
    assert "train.py" in tools.bash("ls")
    assert "validation score 0.1" in tools.bash(IMPROVE)
    assert "the episode is over" in tools.submit()
    assert tools.get_reward() == pytest.approx(tools.info["improvement"])
    assert tools.info["improvement"] > 0.9
    assert tools.get_reward() == pytest.approx(tools.info["improvement"])


def test_the_untouched_starter_earns_nothing(start: Start) -> None:
    tools = environment_factory(sandbox="bubblewrap")()
    tools.reset(env_id="synthgym/digits-log-loss-a7c5-v0")
    tools.bash("python fit.py")
    assert "validation score" in tools.validate()
    tools.submit()
    assert tools.info["submission"]["accepted"]
    assert tools.get_reward() == 0.0
    assert start().get_reward() == 0.0  # nothing was done


def test_after_the_end_tools_say_so(start: Start) -> None:
    tools = start()
    tools.bash(IMPROVE)
    tools.submit()
    for said in (tools.bash("echo more"), tools.validate(), tools.submit()):
        assert said == "Nothing was run: the episode is over (submitted)."
    reward = tools.get_reward()
    assert tools.bash("echo more") == "Nothing was run: the episode is over (submitted)."
    assert tools.get_reward() == reward
    limited = environment_factory(sandbox="bubblewrap", max_steps=1)()
    limited.reset(env_id=LINE)
    assert "the last step" in limited.bash(IMPROVE)
    assert "(step_limit)" in limited.bash("ls")
    assert limited.get_reward() > 0.9  # type: ignore[operator]
    fresh = environment_factory()()
    assert "Nothing was run" in fresh.bash("ls")
    assert fresh.get_reward() is None


def test_what_was_never_submitted_is_graded_or_not(start: Start) -> None:
    tools = start()
    tools.bash(IMPROVE)
    tools.bash("echo broken >predictions.csv")
    assert tools.get_reward() > 0.9  # type: ignore[operator]  # what was validated last
    assert tools.info["exit_status"] == "finished"
    strict = start(grade_unsubmitted=False)
    strict.bash(IMPROVE)
    assert strict.get_reward() == 0.0
    with pytest.raises(UserError, match="grade_unsubmitted"):
        environment_factory(grade_unsubmitted=False, reward="score")


def test_a_sandbox_that_dies_gives_no_number(start: Start) -> None:
    tools = start()
    tools.bash(IMPROVE)
    kill_sandbox(tools._episode.env)  # type: ignore[union-attr]
    said = [tools.bash("ls"), tools.submit()]
    assert said[0] == said[1]
    assert "through no fault of yours" in said[0]
    assert not any(sign.isdigit() for sign in said[0])
    assert tools.get_reward() is None
    unseen = start()
    unseen.bash("ls")
    kill_sandbox(unseen._episode.env)  # type: ignore[union-attr]
    assert unseen.get_reward() is None


def test_a_grader_that_fails_gives_no_number(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    tools = start()
    tools.bash("python train.py")

    def broken(*_: object) -> float:
        raise GraderError("the scorer hung")

    monkeypatch.setattr("synthgym.envs.session.Session._grade", broken)
    assert tools.get_reward() is None


def test_sandboxes_that_do_not_start_are_tried_again(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    reset, failures = ChallengeEnv.reset, [SandboxError("no room")] * 2

    def flaky(self: ChallengeEnv, **arguments: Any) -> Any:
        if failures:
            raise failures.pop()
        return reset(self, **arguments)

    monkeypatch.setattr(ChallengeEnv, "reset", flaky)
    tools = start()
    assert "train.py" in tools.bash("ls")
    assert tools.get_reward() == 0.0
    failures.extend([SandboxError("no room")] * 3)
    assert start().get_reward() is None


def test_training_ends_where_nothing_works(line: str, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    def dead(self: ChallengeEnv, **_: Any) -> Any:
        raise SandboxError("the disk is gone")

    monkeypatch.setattr(ChallengeEnv, "reset", dead)
    tools = environment_factory()()
    for _ in range(11):
        tools.reset(env_id=line)
        assert "fault" in tools.bash("ls")
        assert tools.get_reward() is None
    tools.reset(env_id=line)
    with pytest.raises(InfrastructureError, match=r"12 episodes in a row failed.*the disk is gone"):
        tools.get_reward()


def test_what_breaks_in_play_ends_no_training(line: str, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """A model could bring it about in as many episodes as it likes."""

    def breaks(self: ChallengeEnv, action: str) -> Any:
        error = SandboxError("the sandbox ended")
        error.in_play = True
        raise error

    monkeypatch.setattr(ChallengeEnv, "step", breaks)
    tools = environment_factory(sandbox="bubblewrap")()
    for _ in range(14):
        tools.reset(env_id=line)
        assert "fault" in tools.bash("kill 1")
        assert tools.get_reward() is None


def test_what_is_the_callers_to_put_right_ends_training(start: Start) -> None:
    tools = start(reward=lambda event: "much")
    with pytest.raises(UserError, match="expected a finite number"):
        tools.bash(IMPROVE)
    with pytest.raises(UserError, match="expected a finite number"):
        tools.get_reward()
    with pytest.raises(UserError, match="env_id"):
        environment_factory()().reset(prompt="Hello")
    with pytest.raises(UserError, match="steps_at_most"):
        environment_factory(steps_at_most=2)().reset(env_id=LINE)


@pytest.fixture
def damaged(tmp_path: Path) -> Iterator[str]:
    """The id of a challenge whose folder was damaged after it was registered."""
    yield from damaged_challenge(tmp_path)


def test_a_challenge_that_was_damaged_costs_itself(start: Start, damaged: str) -> None:
    tools = start()
    assert tools.reset(env_id=damaged, prompt=[]) is None
    assert "through no fault of yours" in tools.bash("ls")
    assert tools.get_reward() is None
    assert tools.get_reward() is None
    assert tools.info == {}
    tools.reset(env_id=LINE)
    assert "train.py" in tools.bash("ls")
    assert tools.get_reward() == 0.0
    for _ in range(11):
        tools.reset(env_id=damaged, prompt=[])
        assert tools.get_reward() is None
    tools.reset(env_id=damaged, prompt=[])
    with pytest.raises(Unplayable, match=r"12 episodes in a row failed.*damaged/line"):
        tools.get_reward()


def test_a_challenge_that_is_not_as_it_states_costs_itself(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    def other(self: ChallengeEnv, **_: Any) -> Any:
        raise NotAsStated("line: scores 9")

    monkeypatch.setattr(ChallengeEnv, "reset", other)
    tools = start()
    assert "through no fault of yours" in tools.bash("ls")
    assert tools.get_reward() is None


def test_a_prompt_without_the_briefing_gets_it(line: str) -> None:  # noqa: F811
    tools = environment_factory(sandbox="bubblewrap")()
    for prompt in (None, [], [{"role": "user", "content": ""}]):
        told = tools.reset(env_id=line, prompt=prompt)
        assert told is not None
        assert told.startswith("# A line")
    assert tools.reset(env_id=line, prompt=[{"role": "user", "content": "Do it."}]) == f"\n\n{told}"
    rows = challenge_dataset(line, max_steps=3)
    with pytest.raises(UserError, match="same settings"):
        tools.reset(**rows[0])


def test_a_model_may_call_tools_wrongly(start: Start) -> None:
    tools = start()
    assert "expected the command as text, got int" in tools.bash(5)  # type: ignore[arg-type]
    assert "train.py" in tools.bash("ls")


def test_schemas_and_processes(line: str) -> None:  # noqa: F811
    from transformers.utils import get_json_schema

    again = pickle.loads(pickle.dumps(environment_factory(max_steps=3)))
    tools = again()
    (told, bash), *_ = [(each["function"]["name"], each["function"]) for each in map(get_json_schema, [tools.bash])]
    assert told == "bash"
    assert bash["parameters"]["required"] == ["command"]
    assert "Steps: 3" in tools.reset(env_id=line)
    for each in (tools.validate, tools.submit):
        assert get_json_schema(each)["function"]["description"]


def test_sandboxes_of_a_batch_start_at_once(line: str, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    reset, together = ChallengeEnv.reset, threading.Barrier(4, timeout=20)

    def slow(self: ChallengeEnv, **arguments: Any) -> Any:
        together.wait()  # breaks unless all four are here at once
        return reset(self, **arguments)

    monkeypatch.setattr(ChallengeEnv, "reset", slow)
    factory = environment_factory(sandbox="bubblewrap", starts=1)
    batch = [factory() for _ in range(4)]
    for tools in batch:
        tools.reset(env_id=line)
    assert [tools.get_reward() for tools in batch] == [0.0] * 4


def test_nothing_is_left_behind(start: Start) -> None:
    before = owned_by(os.getpid())
    tools = start()
    tools.bash("setsid sleep 1000 & disown")
    tools.get_reward()
    assert not left_over(before)
    tools = start()
    tools.bash("setsid sleep 1000 & disown")
    del tools  # a trainer that is thrown away in the middle
    gc.collect()
    assert not left_over(before)


KILLED = """
import sys, time
import synthgym
from synthgym.train.trl import environment_factory
synthgym.register(sys.argv[1])
factory = environment_factory(sandbox="bubblewrap")
batch = [factory() for _ in range(2)]
for each in batch:
    each.reset(env_id="trl-tests/line-v0")
    each.bash("setsid sleep 4222 & disown")
print("ready", flush=True)
{then}
"""


@pytest.mark.parametrize(("then", "number"), [("time.sleep(1000)", signal.SIGKILL), ("sys.exit(1)", 0)])
def test_nothing_outlives_the_trainer(line: str, then: str, number: int) -> None:  # noqa: F811
    import gymnasium as gym

    folder = gym.make(line).unwrapped.folder.parent  # type: ignore[attr-defined]
    script = KILLED.format(then=then)
    trainer = subprocess.Popen([sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE)
    assert trainer.stdout is not None
    assert trainer.stdout.readline() == b"ready\n"
    assert sleepers() or number == 0
    if number:
        trainer.send_signal(number)
    trainer.wait(20)
    trainer.stdout.close()
    deadline = time.monotonic() + 5
    while (left := sleepers()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not left


def sleepers() -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (folder / "cmdline").read_bytes() == b"sleep\x004222\0":
                found.append(int(folder.name))
        except OSError:
            continue
    return found


@pytest.mark.slow
def test_trl_trains_with_tools(line: str, model: str, tmp_path: Path) -> None:  # noqa: F811
    """Of four samples one is good, one does nothing, one goes on after the end, one loses its sandbox."""
    import torch
    from trl import GRPOTrainer

    before = owned_by(os.getpid())
    trainer = GRPOTrainer(
        model,
        args=config(tmp_path),
        train_dataset=challenge_dataset(line, system="tools", seeds=4),
        environment_factory=environment_factory(sandbox="bubblewrap"),
    )

    def reply(sample: int, turn: int) -> str:
        if sample == 3 and turn == 2:
            kill_sandbox(trainer.environments[3]._episode.env)
        if sample == 1:
            return "It cannot be done."
        turns = [call("bash", command=f"echo sample-{sample}; {IMPROVE}"), call("validate"), call("submit"), "Done."]
        return ([*turns[:3], call("bash", command="ls"), "Done."] if sample == 2 else turns)[turn]

    Script(trainer, reply)
    weights = [each.detach().clone() for each in trainer.model.parameters()]
    trainer.train()
    rewards = trainer._logs["rewards"]["ChallengeTools"]
    advantages = trainer._logs["advantages"]
    good, idle, late, dead = rewards  # of the second step
    assert good > 0.9
    assert late > 0.9
    assert idle == 0.0
    assert math.isnan(dead)
    above, below, also, none = advantages
    assert (above + also) / 2 == pytest.approx(-below / 2)  # their mean is that of three, not of four
    assert below < 0
    assert none == 0
    told = trainer._logs["completion"][2]
    assert [each["content"] for each in told if each["role"] == "tool"][-1] == (
        "Nothing was run: the episode is over (submitted)."
    )
    assert "through no fault of yours" in str(trainer._logs["completion"][3])
    changed = [not torch.equal(old, new) for old, new in zip(weights, trainer.model.parameters(), strict=True)]
    assert any(changed)
    assert all(bool(torch.isfinite(each).all()) for each in trainer.model.parameters())
    assert trainer.state.global_step == 2
    assert not left_over(before)


@pytest.mark.slow
def test_trl_trains_with_what_the_model_itself_says(line: str, model: str, tmp_path: Path) -> None:  # noqa: F811
    from trl import GRPOTrainer

    trainer = GRPOTrainer(
        model,
        args=config(tmp_path, max_completion_length=40),
        train_dataset=challenge_dataset(line, system="tools"),
        environment_factory=environment_factory(sandbox="bubblewrap"),
    )
    trainer.train()
    assert trainer.state.global_step == 2
    assert list(trainer._logs["rewards"]["ChallengeTools"])[-1] == 0.0
