"""Breaking one's own sandbox whenever a score displeases buys one more attempt, and not one after the other."""

from __future__ import annotations

import gc
import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import challenges
import gymnasium
import pytest
from env_fixtures import needs

import synthgym
from synthgym.agents.agent import Info
from synthgym.agents.episode import run_episode
from synthgym.agents.rollout import Event, rollout
from synthgym.agents.trajectories.store import Store
from synthgym.agents.trajectories.trajectory import Trajectory
from synthgym.base.errors import SandboxError, UserError
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.sandboxes.docker import engine
from synthgym.registry.challenge import load_challenge
from synthgym.train.evaluation.benchmark import benchmark

GOOD = "printf 'def choose(mine, theirs):\\n    return \"heads\"\\n' > strategy.py; validate"


@pytest.fixture(scope="module")
def coins(collection: Path) -> Iterator[str]:
    """The id of a game."""
    (collection / "collection.yaml").write_text("namespace: breaking-tests\ntitle: Tests\n")
    names = synthgym.register(collection)
    yield next(name for name in names if "coins" in name)
    for name in names:
        gymnasium.registry.pop(name, None)


def bring_down() -> None:
    """Ends the sandboxes of this process's environments, as a way out of one that nobody knows of yet would."""
    for env in [each for each in gc.get_objects() if isinstance(each, ChallengeEnv)]:
        link = getattr(getattr(env, "_box", None), "_link", None)  # one that could not be made has none
        if link is None or env._session is None or not env.name.startswith("breaking-tests/"):  # other tests'
            continue
        connection = link.connection
        if container := getattr(connection, "container", None):
            os.kill(int(engine.engine().api.inspect_container(container)["State"]["Pid"]), signal.SIGKILL)
            continue
        for pid in [*below(connection.process.pid), connection.process.pid]:
            os.kill(pid, signal.SIGKILL)


def below(pid: int) -> list[int]:
    children = [
        int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]
    return [each for child in children for each in below(child)] + children


class Choosy:
    """Validates a move, and breaks its sandbox unless it likes the score; hands in what it likes."""

    validates = True
    asked = 0

    def reset(self, observation: str, info: Info) -> None:
        self.turn = 0

    def __call__(self, observation: str, info: Info) -> str:
        self.turn += 1
        type(self).asked += 1
        if self.turn == 1:
            return GOOD if self.validates else "true"
        bring_down()
        return "echo gone"


class Blind(Choosy):
    """The same, before anything was validated."""

    validates = False


def test_a_second_death_is_the_agents(coins: str, sealed: str, tmp_path: Path) -> None:
    needs(sealed)
    Choosy.asked = 0
    summary = rollout([coins], Choosy(), out=tmp_path, sandbox=sealed, retries=5)
    assert (summary.finished, summary.failed, summary.retries) == (1, 0, 1)
    assert (summary.attempts, summary.broken) == (2, 1)
    assert Choosy.asked == 4, "two attempts, and no third"
    (record,) = Store(tmp_path)
    assert record.outcome.exit_status == "sandbox_died"
    assert record.attempts == 2
    assert record.outcome.score == pytest.approx(0.8, abs=0.1), "what was last validated"
    assert record.outcome.return_ == pytest.approx(record.outcome.improvement)
    assert [step.action for step in record.steps][-1] == "echo gone"
    assert "sandbox_died" in record.steps[-1].observation
    assert Trajectory.model_validate_json(record.to_line()) == record
    assert json.loads(record.to_line())["schema"] == 3


BREAKS = "printf 'def choose(mine, theirs):\\n    return \"break\"\\n' > strategy.py; validate"


class Spoiler:
    """Hands in what breaks the scorer, once it has validated what does not."""

    def reset(self, observation: str, info: Info) -> None:
        self.turn = 0

    def __call__(self, observation: str, info: Info) -> str:
        self.turn += 1
        return GOOD if self.turn == 1 else BREAKS


@pytest.fixture
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """A game whose scorer breaks on one answer, or whatever it is given."""
    made: list[str] = []

    def make(breaks: str) -> str:
        folder = tmp_path_factory.mktemp("fragile")
        (folder / "collection.yaml").write_text(f"namespace: fragile-{len(made)}-{os.getpid()}\ntitle: Tests\n")
        challenges.write_game(folder)
        text = challenges.EVALUATE_GAME.replace(
            "    for index, move", f"    if {breaks}: raise KeyError('odd')\n    for index, move"
        )
        challenges.write(folder, load_challenge(folder / "coins"), {"grader/evaluate.py": text})
        (name,) = synthgym.register(folder)
        made.append(name)
        return name

    yield make
    for name in made:
        gymnasium.registry.pop(name, None)


def test_what_breaks_the_scorer_a_second_time_is_the_agents(fragile: Callable[[str], str], tmp_path: Path) -> None:
    needs("bubblewrap")
    summary = rollout([fragile("'break' in moves")], Spoiler(), out=tmp_path, sandbox="bubblewrap", retries=5)
    assert (summary.finished, summary.failed, summary.attempts, summary.broken) == (1, 0, 2, 1)
    (record,) = Store(tmp_path)
    assert (record.outcome.exit_status, record.attempts) == ("grader_failed", 2)
    assert record.outcome.score == pytest.approx(0.8, abs=0.1), "what was last validated"
    assert "evaluate.py gave no score" in str(record.outcome.error)


def test_a_scorer_that_breaks_on_the_starter_too_blames_nobody(fragile: Callable[[str], str], tmp_path: Path) -> None:
    needs("bubblewrap")
    with pytest.raises(UserError, match=r"evaluate\.py gave no score"):
        rollout([fragile("True")], Spoiler(), out=tmp_path, sandbox="bubblewrap", retries=2)
    assert not list(Store(tmp_path))


def test_who_validated_nothing_has_nothing(coins: str, tmp_path: Path) -> None:
    needs("bubblewrap")
    rollout([coins], Blind(), out=tmp_path, sandbox="bubblewrap")
    (record,) = Store(tmp_path)
    assert (record.outcome.exit_status, record.outcome.score, record.outcome.return_) == ("sandbox_died", None, 0.0)
    assert "sandbox" in str(record.outcome.error)


def test_another_run_gives_no_other_attempt(coins: str, tmp_path: Path) -> None:
    """Nor do those of a user who tries nothing again, and gives the command once more."""
    needs("bubblewrap")
    first = rollout([coins], Choosy(), out=tmp_path, sandbox="bubblewrap", retries=0)
    assert (first.finished, first.failed) == (0, 1)
    again = rollout([coins], Choosy(), out=tmp_path, sandbox="bubblewrap", retries=0)
    assert (again.finished, again.attempts, again.broken) == (1, 2, 1)
    (failure,) = Store(tmp_path).failures()
    assert failure["in_play"] is True


def test_other_code_begins_anew(coins: str, tmp_path: Path) -> None:
    needs("bubblewrap")
    rollout([coins], Choosy(), out=tmp_path, sandbox="bubblewrap", retries=0)
    failures = tmp_path / "failures.jsonl"
    noted = json.loads(failures.read_text())
    failures.write_text(json.dumps({**noted, "agent_hash": "of other code"}) + "\n")
    again = rollout([coins], Choosy(), out=tmp_path, sandbox="bubblewrap", retries=0)
    assert again.failed == 1, "its first death"


def test_a_benchmark_says_how_many_attempts(coins: str, tmp_path: Path) -> None:
    needs("bubblewrap")
    summaries = benchmark([coins], [f"choosy={__name__}:Choosy"], out=tmp_path, sandbox="bubblewrap")
    (summary,) = summaries.values()
    assert summary.attempts == 2
    (line,) = (tmp_path / "scores.jsonl").read_text().splitlines()
    assert (json.loads(line)["attempts"], json.loads(line)["exit_status"]) == (2, "sandbox_died")


class Breaker(Blind):
    """Ends its sandbox in every episode, as the first thing it does."""

    def __call__(self, observation: str, info: Info) -> str:
        bring_down()
        return "echo gone"


def heads(observation: str, info: Info) -> str:
    return GOOD if info["step"] == 0 else "submit"


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_who_breaks_every_sandbox_stops_no_run(coins: str, tmp_path: Path, jobs: int) -> None:
    """All episodes fail once before the first is tried again: as many in a row as there are."""
    needs("bubblewrap")
    events: list[Event] = []
    summary = rollout(
        [coins], Breaker(), out=tmp_path, episodes=14, jobs=jobs, sandbox="bubblewrap", progress=events.append
    )
    assert (summary.finished, summary.failed, summary.retries, summary.broken) == (14, 0, 14, 14)
    first_recorded = next(number for number, event in enumerate(events) if event.done)
    assert first_recorded >= 12, "so many failures in a row would have ended it"


@pytest.mark.slow
def test_who_breaks_every_sandbox_costs_other_agents_of_a_benchmark_nothing(coins: str, tmp_path: Path) -> None:
    needs("bubblewrap")
    agents = [f"evil={__name__}:Breaker", f"good={__name__}:heads"]
    summaries = benchmark([coins], agents, out=tmp_path, episodes=13, sandbox="bubblewrap")
    assert (summaries["evil"].finished, summaries["evil"].broken) == (13, 13)
    assert (summaries["good"].finished, summaries["good"].submitted, summaries["good"].broken) == (13, 13, 0)


def test_one_death_is_nobodys_fault(coins: str) -> None:
    needs("bubblewrap")
    env: Any = gymnasium.make(coins, sandbox="bubblewrap")
    try:
        with pytest.raises(SandboxError) as died:
            run_episode(env, Choosy())
        assert died.value.in_play
    finally:
        env.close()


def test_a_death_that_the_agent_had_no_part_in_is_infrastructure(coins: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no sandbox works any more, nobody is blamed however often it dies."""
    needs("bubblewrap")
    env: Any = gymnasium.make(coins, sandbox="bubblewrap")
    inner = env.unwrapped
    try:
        env.reset(seed=0)
        env.step("true")
        bring_down()
        with pytest.raises(SandboxError):
            env.step("true")
        inner.sandbox = "docker:no-such-image-anywhere"  # as if the engine were gone
        with pytest.raises(Exception, match="no-such-image-anywhere"):
            inner.finish()
        inner.sandbox = "bubblewrap"
        assert inner.finish()[1]["exit_status"] == "sandbox_died"
    finally:
        env.close()


def test_the_vectors_tell_it_as_they_tell_any(coins: str) -> None:
    needs("bubblewrap")
    envs: Any = gymnasium.make_vec(coins, num_envs=1, sandbox="bubblewrap")
    try:
        envs.reset(seed=0)
        envs.step([GOOD])
        bring_down()
        *_, truncated, infos = envs.step(["true"])
        assert truncated.all()
        assert infos["_infrastructure_error"].all()
    finally:
        envs.close()
