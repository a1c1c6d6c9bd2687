"""Episodes in MLGym's layout: every key of the files, what folders are called, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gymnasium
import pytest
import toy_agents
from challenges import table_spec, write_table
from endpoint import Endpoint, command, reply
from toy_env import BRIEFING, ToyEnv

import synthgym
from synthgym.agents.agent import Stop
from synthgym.agents.chat.agent import NO_COMMAND, NO_ROOM, ChatAgent, load_prompt
from synthgym.agents.chat.settings import ChatSettings
from synthgym.agents.episode import run_episode
from synthgym.agents.mlgym.episode import exit_status, results, trajectory
from synthgym.agents.mlgym.results import export_results
from synthgym.agents.rollout import rollout
from synthgym.agents.trajectories.store import Store
from synthgym.agents.trajectories.trajectory import Trajectory
from synthgym.base.errors import MissingDependencyError, OutputFolderError, UserError
from synthgym.envs.sandboxes import resolve_sandbox
from synthgym.registry.mlgym.exported_format import task_name, task_of

SETTINGS = "default__t-0.00__p-0.95__c-4.00__install-0__parallel_agents"


def follow(*commands: str) -> Callable[[str, dict[str, Any]], str]:
    return lambda observation, info: commands[info["step"]]


def episode(
    *commands: str, agent: str = "me", env_id: str = "toy/one-v0", seed: int = 0, max_steps: int = 6
) -> Trajectory:
    return run_episode(ToyEnv(max_steps=max_steps), follow(*commands), seed=seed, env_id=env_id, agent_name=agent)


def with_outcome(record: Trajectory, **outcome: Any) -> Trajectory:
    return record.model_copy(update={"outcome": record.outcome.model_copy(update=outcome)})


def load(path: Path) -> Any:
    return json.loads(path.read_bytes())


# -- in a real environment -------------------------------------------------------------------------------------------


@pytest.fixture
def env_id(tmp_path: Path) -> Iterator[str]:
    try:
        resolve_sandbox("auto")
    except MissingDependencyError as error:
        pytest.skip(str(error))
    collection = tmp_path / "collection"
    collection.mkdir()
    (collection / "collection.yaml").write_text("namespace: results-tests\ntitle: Tests\n")
    write_table(collection)
    (name,) = synthgym.register(collection)
    yield name
    del gymnasium.registry[name]


def test_a_store_of_a_real_challenge(env_id: str, tmp_path: Path) -> None:
    commands = [
        "validate",
        "python train.py && validate",
        "sed -i 's/KEEP = 1/KEEP = 3/' train.py && python train.py && validate",
        "submit",
    ]
    store = tmp_path / "store"
    rollout([env_id], follow(*commands), out=store)
    (record,) = Store(store)
    done = export_results(Store(store), tmp_path / "results")
    run = tmp_path / "results" / f"lambda__results-tests-line-v0__{SETTINGS}_run_0"
    assert done.path == run.parent
    assert (done.solvers, done.tasks) == ({"<lambda>": "lambda"}, {env_id: "results-tests-line-v0"})
    assert list(done.path.iterdir()) == [run]
    assert sorted(path.name for path in run.iterdir()) == ["results-tests-line-v0.traj", "results.json"]

    first, second = record.outcome.validations  # the first `validate` found no submission: no score, no entry
    final = record.outcome.score
    assert first > second
    assert load(run / "results.json") == {
        "agent": [{"rmse": first}, {"rmse": second}, {"rmse": final}],
        "baseline": {"rmse": 1.0},
    }
    written = load(run / "results-tests-line-v0.traj")
    assert list(written) == ["environment", "trajectory", "history", "info"]
    assert written["environment"] == env_id
    assert written["info"] == {
        "model_stats": {},
        "exit_status": "submitted",
        "submission": None,
        "score": load(run / "results.json")["agent"],
        "summarizer": {},
    }
    assert [step["action"] for step in written["trajectory"]] == commands
    for step, kept in zip(written["trajectory"], record.steps, strict=True):
        assert step == {
            "action": kept.action,
            "observation": kept.observation,
            "response": f"```bash\n{kept.action}\n```",
            "state": "",
            "thought": "",
            "execution_time": kept.elapsed,
        }
    assert "bad submission" in written["trajectory"][0]["observation"]
    assert written["trajectory"][1]["execution_time"] > 0
    history = written["history"]
    assert [message["role"] for message in history] == ["user", "assistant"] * 4
    assert {message["agent"] for message in history} == {"<lambda>"}
    assert history[0]["content"] == record.reset.observation
    assert history[2]["content"] == record.steps[0].observation
    assert set(history[1]) == {"role", "content", "thought", "action", "agent"}
    assert history[-1]["action"] == "submit"


# -- what an episode says --------------------------------------------------------------------------------------------


def test_a_models_conversation_and_what_it_spent() -> None:
    replies = ["hm", command("score 0.5 && validate", "I try."), command("x"), command("submit", "Good.\nEnough.")]
    with Endpoint([reply(text) for text in replies]) as endpoint:
        record = run_episode(ToyEnv(), ChatAgent("m", endpoint.url), env_id="toy/one-v0")
    written = trajectory(record)
    assert written["history"] == [
        {"role": "system", "content": load_prompt("short"), "agent": "chat:m"},
        {"role": "user", "content": BRIEFING, "agent": "chat:m"},
        _said(replies[1], "I try.", "score 0.5 && validate"),
        {"role": "user", "content": "score is 0.5\nvalidation score 0.5", "agent": "chat:m"},
        _said(replies[2], "Next.", "x"),
        {"role": "user", "content": "x", "agent": "chat:m"},
        _said(replies[3], "Good.\nEnough.", "submit"),
    ]
    assert [step["response"] for step in written["trajectory"]] == replies[1:]
    assert [step["thought"] for step in written["trajectory"]] == ["I try.", "Next.", "Good.\nEnough."]
    assert written["info"]["model_stats"] == {
        "total_cost": None,
        "task_cost": None,
        "tokens_sent": 40,
        "tokens_received": 20,
        "api_calls": 4,
    }


def _said(content: str, thought: str, action: str) -> dict[str, str]:
    return {"role": "assistant", "content": content, "thought": thought, "action": action, "agent": "chat:m"}


def test_an_older_part_of_the_conversation_is_not_left_out() -> None:
    with Endpoint(lambda request: reply(command("x" * 300))) as endpoint:
        agent = ChatAgent("m", endpoint.url, ChatSettings(history=1500, keep=1))
        record = run_episode(ToyEnv(max_steps=6), agent)
    assert record.earlier
    told = [message["content"] for message in trajectory(record)["history"] if message["role"] == "user"]
    assert told == [BRIEFING, *["x" * 300] * 5]


def test_an_episode_without_a_score() -> None:
    record = with_outcome(episode("ls", max_steps=1), accepted_submission=False, score=None)
    assert results(record) == {"agent": [], "baseline": {"points": 0.0}}
    nothing = run_episode(ToyEnv(), toy_agents.raiser)
    assert results(nothing)["agent"] == []
    written = trajectory(nothing)
    assert written["trajectory"] == []
    assert written["history"] == [{"role": "user", "content": BRIEFING, "agent": "raiser"}]


def test_scores_that_are_none() -> None:
    record = episode("score nan && validate && score 0.5 && validate && score inf && submit")
    assert results(record)["agent"] == [{"points": 0.5}]
    bare = episode("score 1 && validate", "submit").model_copy(update={"metric": "", "baseline": None})
    assert results(bare) == {"agent": [{"score": 1.0}, {"score": bare.outcome.score}], "baseline": {}}


# -- how it ended ----------------------------------------------------------------------------------------------------


def stops(*commands: str, reason: str = "enough", submit: bool = True) -> Callable[[str, dict[str, Any]], str]:
    def agent(observation: str, info: dict[str, Any]) -> str:
        if info["step"] == len(commands):
            raise Stop(reason, submit=submit)
        return commands[info["step"]]

    return agent


def raises_our_words(observation: str, info: dict[str, Any]) -> str:
    raise ValueError(f"{NO_ROOM}; {NO_COMMAND}")


def ended(agent: object, **settings: Any) -> str:
    return exit_status(run_episode(ToyEnv(**settings), agent))


def test_exit_statuses() -> None:
    assert ended(follow("score 1", "submit")) == "submitted"
    assert ended(follow("score 1", "ls"), max_steps=2) == "autosubmission (max_steps)"
    assert ended(toy_agents.raiser) == "early_exit"
    assert ended(raises_our_words) == "early_exit"
    assert ended(stops("score 1")) == "submitted"
    assert ended(stops("score -1")) == "evaluation_format_error (submit)"
    assert ended(stops("score 1", submit=False)) == "early_exit"
    assert ended(stops(submit=False)) == "early_exit"


def test_a_model_that_says_no_command_or_too_much() -> None:
    with Endpoint([reply("hm")] * 3) as endpoint:
        assert ended(ChatAgent("m", endpoint.url)) == "autosubmission (exit_format)"
    with Endpoint([reply(command("score -1")), *[reply("hm")] * 3]) as endpoint:
        assert ended(ChatAgent("m", endpoint.url)) == "evaluation_format_error (exit_format)"
    with Endpoint(lambda request: reply(command("x" * 3000), prompt_tokens=2000)) as endpoint:
        agent = ChatAgent("m", endpoint.url, ChatSettings(context=1000, max_tokens=100))
        assert ended(agent, max_steps=10) == "autosubmission (exit_context)"


@pytest.mark.parametrize(
    ("status", "accepted", "expected"),
    [
        ("step_limit", False, "evaluation_format_error (max_steps)"),
        ("budget", True, "autosubmission (exit_cost)"),
        ("budget", False, "evaluation_format_error (exit_cost)"),
        (None, True, "early_exit"),
    ],
)
def test_ends_by_a_limit(status: str | None, accepted: bool, expected: str) -> None:
    record = with_outcome(episode("ls", max_steps=1), exit_status=status, accepted_submission=accepted)
    assert exit_status(record) == expected


# -- what folders are called -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("env_id", "task"),
    [
        ("mlgym/blotto-v0", "blotto"),
        ("mlgym/3SATTime-v12", "3SATTime"),
        ("mlgym/some-variant-v0", "some-variant"),
        ("toys/line-v3", "toys-line-v3"),
        ("line-v3", "line-v3"),
    ],
)
def test_tasks(env_id: str, task: str) -> None:
    assert task_of(env_id) == task


def test_an_exported_challenge_and_its_results_have_one_name() -> None:
    challenge = table_spec("line")
    assert task_of(f"toys/{challenge.env_name()}") == task_name("toys", challenge)


def test_solvers_are_safe_in_folders_and_patterns(tmp_path: Path) -> None:
    agents = ["scripted", "chat:org/m@http://127.0.0.1:1/v1", "a__b", "[x]*?", "..", "m" * 300, "my_agents:Greedy"]
    done = export_results((episode("submit", agent=agent) for agent in agents), tmp_path / "out")
    assert done.solvers == {
        "scripted": "scripted",
        "chat:org/m@http://127.0.0.1:1/v1": "chat-org-m-http-127.0.0.1-1-v1",
        "a__b": "a_b",
        "[x]*?": "x",
        "..": "unnamed",
        "m" * 300: "m" * 70,
        "my_agents:Greedy": "my_agents-Greedy",
    }
    for run in done.path.iterdir():
        solver, task, rest = run.name.split("__", 2)
        assert solver in done.solvers.values()
        assert (task, rest) == ("toy-one-v0", f"{SETTINGS}_run_0")


def test_long_names_that_begin_alike(tmp_path: Path) -> None:
    records = [
        episode("submit", agent="m" * 300 + agent, env_id=f"toys/{'x' * 300}{task}-v0", seed=2**31)
        for agent in "ab"
        for task in "cd"
    ]
    done = export_results(records, tmp_path / "out")
    assert len(list(done.path.iterdir())) == 4


def test_two_never_share_a_folder(tmp_path: Path) -> None:
    agents, envs = ["a:b", "a-b", "c"], ["x-y/z-v0", "x/y-z-v0", "mlgym/blotto-v0", "mlgym/blotto-v1"]
    records = [
        episode(f"score 0.{seed}", "submit", agent=agent, env_id=env_id, seed=seed)
        for agent in agents
        for env_id in envs
        for seed in (1, 2)
    ]
    done = export_results(records, tmp_path / "out")
    assert done.runs == len(list(done.path.iterdir())) == 3 * 4 * 2
    assert len(set(done.solvers.values())) == 3
    assert len(set(done.tasks.values())) == 4
    assert done.solvers["c"] == "c"
    assert all(name.startswith("a-b-") for agent, name in done.solvers.items() if agent != "c")
    again = export_results(reversed(records), tmp_path / "again")
    assert (again.solvers, again.tasks) == (done.solvers, done.tasks)
    for record in records:
        task = done.tasks[record.env_id]
        run = done.path / f"{done.solvers[record.agent]}__{task}__{SETTINGS}_run_{record.seed}"
        assert load(run / "results.json") == results(record)
        assert load(run / f"{task}.traj") == trajectory(record)


def test_a_prefix(tmp_path: Path) -> None:
    done = export_results([episode("submit", agent="baseline")], tmp_path / "out", prefix="metagen-")
    assert done.solvers == {"baseline": "metagen-baseline"}


def test_names_within_names_are_told(tmp_path: Path) -> None:
    records = [episode("submit", agent=agent) for agent in ("student", "big-student", "teacher")]
    assert export_results(records, tmp_path / "out").confusable == [("student", "big-student")]


# -- what is refused -------------------------------------------------------------------------------------------------


def test_an_episode_twice_counts_once(tmp_path: Path) -> None:
    records = [episode("score 0.1", "submit"), episode("score 0.2", "submit")]
    done = export_results(records, tmp_path / "out")
    (run,) = done.path.iterdir()
    assert load(run / "results.json") == results(records[0])


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    out = export_results([episode("submit")], tmp_path / "out").path
    before = sorted(out.rglob("*"))
    with pytest.raises(OutputFolderError, match="is not empty; name a new folder"):
        export_results([episode("submit", agent="other")], out)
    assert sorted(out.rglob("*")) == before


def test_nothing_is_left_of_an_export_that_fails(tmp_path: Path) -> None:
    changed = episode("submit", seed=1).model_copy(update={"challenge_hash": "another"})
    with pytest.raises(UserError, match=r"expected one challenge_hash for all episodes, got 'toyhash' \(me, seed 0\)"):
        export_results([episode("submit"), changed], tmp_path / "out")
    with pytest.raises(UserError, match="no finished episode to export"):
        export_results([], tmp_path / "out")
    with pytest.raises(UserError, match="agent 'baseline': the starter's name"):
        export_results([episode("submit", agent="baseline")], tmp_path / "out")
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]
    with pytest.raises(OutputFolderError):
        export_results([episode("submit")], "/proc/no/results")
