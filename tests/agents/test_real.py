"""Agents in the real environment, in the best sandbox this machine has."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gymnasium
import pytest
from challenges import write_table
from endpoint import Endpoint, command, reply
from env_fixtures import needs

import synthgym
from synthgym.agents.episode import run_episode
from synthgym.agents.rollout import rollout
from synthgym.agents.specs import parse_spec
from synthgym.agents.trajectories.filters import Filter, FilterSettings
from synthgym.agents.trajectories.store import Store
from synthgym.base.errors import MissingDependencyError
from synthgym.envs.sandboxes import resolve_sandbox
from synthgym.envs.sandboxes.docker import engine
from synthgym.envs.sandboxes.docker.pool import idle
from synthgym.envs.sandboxes.owner import Owner

KEY = "not-a-real-key-0123456789"
TRANSCRIPT = [
    command("cat train.py", "I read the starter."),
    command("python train.py && validate", "What does it score?"),
    command("sed -i 's/KEEP = 1/KEEP = 3/' train.py && python train.py && validate", "It uses one column of three."),
    command("submit", "Much better."),
]


@pytest.fixture
def env_id(tmp_path: Path) -> Iterator[str]:
    try:
        resolve_sandbox("auto")
    except MissingDependencyError as error:
        pytest.skip(str(error))
    collection = tmp_path / "collection"
    collection.mkdir()
    (collection / "collection.yaml").write_text("namespace: agents-tests\ntitle: Tests\n")
    write_table(collection)
    (name,) = synthgym.register(collection)
    yield name
    del gymnasium.registry[name]


def researcher(observation: str, info: dict[str, Any]) -> str:
    return TRANSCRIPT[info["step"]].split("\n")[2]


def test_a_rollout(tmp_path: Path, env_id: str) -> None:
    out = tmp_path / "out"
    summary = rollout([env_id], researcher, out=out, episodes=2)
    assert (summary.finished, summary.submitted) == (2, 2)
    assert summary.mean_improvement == pytest.approx(1.0, abs=0.05)
    keep = Filter(FilterSettings(min_improvement=0.5))
    (record,) = keep(Store(out))
    assert keep.report.dropped == {"duplicate": 1}
    assert (record.metric, record.direction, record.baseline, record.reference) == ("rmse", "lower", 1.0, 0.1)
    assert [len(step.validations) for step in record.steps] == [0, 1, 1, 0]
    assert record.outcome.return_ == pytest.approx(record.outcome.improvement)
    assert len(record.challenge_hash) == 32


def test_a_model_behind_an_endpoint(env_id: str) -> None:
    with Endpoint([reply(text) for text in TRANSCRIPT]) as endpoint:
        env = gymnasium.make(env_id)
        record = run_episode(env, parse_spec(f"chat:m@{endpoint.url}"), seed=1)
        env.close()
    assert record.outcome.exit_status == "submitted"
    assert record.outcome.improvement == pytest.approx(1.0, abs=0.05)
    assert [message["content"] for message in record.messages if message["role"] == "assistant"] == TRANSCRIPT
    assert "KEEP = 1" in record.messages[3]["content"]


def test_no_key_reaches_the_sandbox(env_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    search = "env; cat /proc/*/environ /proc/*/cmdline | tr '\\0' '\\n'; grep -rs not-a-real-key- . /tmp /etc"
    with Endpoint([reply(command(search)), reply(command("echo seen"))]) as endpoint:
        env = gymnasium.make(env_id, max_steps=2)
        record = run_episode(env, parse_spec(f"chat:m@{endpoint.url}"), seed=1)
        env.close()
    assert endpoint.headers[0]["authorization"] == f"Bearer {KEY}"
    assert "PATH=" in record.steps[0].observation
    assert "not-a-real-key-0" not in record.to_line()


@pytest.mark.parametrize("sandbox", ["bubblewrap", "docker"])
def test_a_sandbox_that_dies_under_an_agent_is_replaced(tmp_path: Path, env_id: str, sandbox: str) -> None:
    needs(sandbox)
    killed = []

    def unlucky(observation: str, info: dict[str, Any]) -> str:
        if info["step"] == 1 and not killed:
            killed.append(end_own_sandboxes(sandbox))
        return researcher(observation, info)

    summary = rollout([env_id], unlucky, out=tmp_path / "out", episodes=3, sandbox=sandbox)
    assert killed == [1]
    assert (summary.finished, summary.retries, summary.failed) == (3, 1, 0)
    assert summary.mean_improvement == pytest.approx(1.0, abs=0.05)
    (noted,) = Store(tmp_path / "out").failures()
    assert noted["error"].startswith(f"SandboxError: {sandbox}: the sandbox died")
    assert sorted(record.seed for record in Store(tmp_path / "out")) == [0, 1, 2]


def end_own_sandboxes(sandbox: str) -> int:
    """Ends this process's running sandboxes from outside; returns how many there were."""
    if sandbox == "docker":
        idle.close()
        boxes = engine.engine().api.containers(filters={"label": f"{engine.LABEL}={Owner.me()}"})
        for box in boxes:
            engine.engine().api.kill(box["Id"])
        return len(boxes)
    (supervisor,) = [pid for pid in below(os.getpid()) if b"-IS" in words(pid)[:2]]
    os.kill(supervisor, signal.SIGKILL)
    return 1


def below(pid: int) -> list[int]:
    """The processes below one."""
    children = [
        int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]
    return children + [each for child in children for each in below(child)]


def words(pid: int) -> list[bytes]:
    """A process's command line."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
