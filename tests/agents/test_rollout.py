from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gymnasium
import pytest
import toy_agents
from endpoint import Answer, Endpoint, command, failure, reply

from synthgym.agents.rollout import Event, Summary, rollout
from synthgym.agents.trajectories.store import Store, read_episodes
from synthgym.agents.trajectories.trajectory import without_timings
from synthgym.base.errors import (
    InfrastructureError,
    MissingDependencyError,
    NotAsStated,
    OutputFolderError,
    UnknownNameError,
    UserError,
)

PARTS = Path(__file__).parent / "parts"
BOTH = ["toy/one-v0", "toy/two-v0"]


@pytest.fixture
def breaking(tmp_path: Path) -> Iterator[Path]:
    """Environment toy/breaking-v0, and the folder that says what breaks in it."""
    folder = tmp_path / "breaks"
    folder.mkdir()
    gymnasium.register(id="toy/breaking-v0", entry_point="toy_env:ToyEnv", kwargs={"breaks": str(folder)})
    yield folder
    del gymnasium.registry["toy/breaking-v0"]


def lines(store: Store) -> list[str]:
    return sorted(without_timings(record).to_line() for record in store)


def test_the_records_do_not_depend_on_workers_or_order(tmp_path: Path) -> None:
    events: list[Event] = []
    one = rollout(BOTH, "toy_agents:Seeded", out=tmp_path / "1", episodes=4, progress=events.append)
    two = rollout(BOTH[::-1], "toy_agents:Seeded", out=tmp_path / "2", episodes=4, jobs=2)
    assert (one.planned, one.finished, one.resumed, one.failed, one.submitted) == (8, 8, 0, 0, 8)
    assert one.mean_improvement == pytest.approx(two.mean_improvement)
    assert [event.recorded for event in events] == list(range(1, 9))
    assert lines(Store(tmp_path / "1")) == lines(Store(tmp_path / "2"))
    assert len(lines(Store(tmp_path / "1"))) == 8
    assert sorted(path.name for path in (tmp_path / "1").iterdir()) == ["episodes-0.jsonl", "run.json"]


def test_the_same_call_resumes_and_more_extends(tmp_path: Path) -> None:
    def run(envs: list[str], episodes: int) -> Summary:
        return rollout(envs, "toy_agents:Seeded", out=tmp_path / "out", episodes=episodes)

    assert run(BOTH[:1], 2).finished == 2
    again = run(BOTH[:1], 2)
    assert (again.finished, again.resumed, again.submitted) == (0, 2, 2)
    assert again.mean_improvement
    more = run(BOTH, 3)
    assert (more.planned, more.resumed, more.finished) == (6, 2, 4)
    assert len(list(Store(tmp_path / "out"))) == 6


def test_an_agent_may_change_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def wanderer(observation: str, info: dict[str, Any]) -> str:
        os.chdir("/")
        return "submit"

    monkeypatch.chdir(tmp_path)
    assert rollout(BOTH, wanderer, out="out", episodes=2).finished == 4
    assert len(list(Store(tmp_path / "out"))) == 4


def test_seeds_are_counted_up_whoever_the_agent_is(tmp_path: Path) -> None:
    rollout(BOTH[:1], "toy_agents:Seeded", out=tmp_path / "a", episodes=3, seed=5)
    rollout(BOTH[:1], toy_agents.quitter, out=tmp_path / "b", episodes=3, seed=5)
    seeds = [sorted(record.seed for record in Store(tmp_path / name)) for name in "ab"]
    assert seeds == [[5, 6, 7]] * 2
    assert {record.agent for record in Store(tmp_path / "b")} == {"quitter"}


@pytest.mark.parametrize("jobs", [1, 2])
def test_agents_that_fail_are_recorded_and_the_run_goes_on(tmp_path: Path, jobs: int) -> None:
    summary = rollout(BOTH, "toy_agents:raiser", out=tmp_path / "out", episodes=2, jobs=jobs)
    assert (summary.finished, summary.agent_errors, summary.failed, summary.submitted) == (4, 4, 0, 0)
    assert summary.mean_improvement == 0.0
    assert all("I am not well" in (record.outcome.error or "") for record in Store(tmp_path / "out"))


@pytest.mark.parametrize("jobs", [1, 2])
def test_infrastructure_that_fails_once_is_tried_again(tmp_path: Path, breaking: Path, jobs: int) -> None:
    (breaking / "break-1").touch()
    summary = rollout(["toy/breaking-v0"], "toy_agents:Seeded", out=tmp_path / "out", episodes=3, jobs=jobs)
    assert (summary.finished, summary.retries, summary.failed) == (3, 1, 0)
    (noted,) = Store(tmp_path / "out").failures()
    assert (noted["seed"], noted["attempt"]) == (1, 1)
    assert noted["error"] == "SandboxError: the sandbox did not start"
    assert not (tmp_path / "out" / "journal").exists()


def test_a_worker_that_is_killed_is_replaced(tmp_path: Path, breaking: Path) -> None:
    (breaking / "kill-0").touch()
    (breaking / "kill-3").touch()
    summary = rollout(["toy/breaking-v0"], "toy_agents:Seeded", out=tmp_path / "out", episodes=5, jobs=2)
    assert (summary.finished, summary.retries, summary.failed) == (5, 2, 0)
    assert sorted(record.seed for record in Store(tmp_path / "out")) == [0, 1, 2, 3, 4]
    assert all("SIGKILL" in noted["error"] for noted in Store(tmp_path / "out").failures())


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_challenge_that_is_not_what_it_says_costs_the_others_nothing(
    tmp_path: Path, breaking: Path, jobs: int
) -> None:
    (breaking / "misstated").touch()
    three = [BOTH[0], "toy/breaking-v0", BOTH[1]]
    events: list[Event] = []
    summary = rollout(three, "toy_agents:Seeded", out=tmp_path / "out", episodes=9, jobs=jobs, progress=events.append)
    assert (summary.planned, summary.finished, summary.failed, summary.retries) == (27, 18, 9, 0)
    noted = list(Store(tmp_path / "out").failures())
    assert 1 <= len(noted) <= jobs
    assert "states a baseline of 9" in noted[0]["error"]
    assert [event.env_id for event in events if event.error] == ["toy/breaking-v0"] * len(noted)
    with pytest.raises(NotAsStated, match="states a baseline of 9"):  # nothing else is to be run
        rollout(three[1:2], "toy_agents:Seeded", out=tmp_path / "alone", jobs=jobs)
    (breaking / "misstated").unlink()
    assert rollout(three, "toy_agents:Seeded", out=tmp_path / "out", episodes=9, jobs=jobs).finished == 9


def breaks_on_two(observation: str, info: dict[str, Any]) -> str:
    return "broken sandbox"


def test_what_keeps_failing_is_left_for_the_next_run(tmp_path: Path) -> None:
    summary = rollout(BOTH, breaks_on_two, out=tmp_path / "out", episodes=2, retries=1)
    assert (summary.finished, summary.failed, summary.retries) == (0, 4, 4)
    assert summary.mean_improvement is None
    assert list(Store(tmp_path / "out")) == []
    assert len(list(Store(tmp_path / "out").failures())) == 8


def test_a_run_in_which_nothing_works_gives_up(tmp_path: Path) -> None:
    with pytest.raises(InfrastructureError, match="12 attempts in a row failed, the last with: the sandbox died"):
        rollout(BOTH, breaks_on_two, out=tmp_path / "out", episodes=50)


class BreaksInPlayAtFirst:
    """Breaks its sandbox in its first episodes; in those after them, a sandbox dies by itself."""

    episodes = 0

    def reset(self, observation: str, info: dict[str, Any]) -> None:
        self.episodes += 1

    def __call__(self, observation: str, info: dict[str, Any]) -> str:
        return "broken in play" if self.episodes <= 14 else "broken sandbox"


def test_only_what_the_agent_had_no_part_in_is_a_reason_to_give_up(tmp_path: Path) -> None:
    with pytest.raises(InfrastructureError, match="12 attempts in a row failed"):
        rollout(BOTH, BreaksInPlayAtFirst(), out=tmp_path / "out", episodes=20)
    noted = [failure["in_play"] for failure in Store(tmp_path / "out").failures()]
    assert noted == [True] * 14 + [False] * 12


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_key_that_is_refused_ends_the_run_at_once(tmp_path: Path, jobs: int) -> None:
    with (
        Endpoint(lambda _: failure(401, "no")) as endpoint,
        pytest.raises(UserError, match="set OPENAI_API_KEY"),
    ):
        rollout(BOTH, f"chat:m@{endpoint.url}", out=tmp_path / "out", episodes=20, jobs=jobs)
    assert len(endpoint.requests) <= jobs


def test_a_call_that_cannot_be_made_is_no_agents_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the user's to put right: nothing is recorded, and the same command then runs the episodes."""
    with Endpoint(lambda _: reply(command("score 0.5 && submit"))) as endpoint:
        agent = f"m=chat:m@{endpoint.url}"
        monkeypatch.setenv("OPENAI_API_KEY", "copied-with-…")
        with pytest.raises(UserError, match="OPENAI_API_KEY: expected letters"):
            rollout(BOTH, agent, out=tmp_path / "out", episodes=2)
        monkeypatch.delenv("OPENAI_API_KEY")
        with pytest.raises(UserError, match="no API key: set OPENAI_API_KEY"):
            rollout(BOTH, "m=chat:m", out=tmp_path / "out", episodes=2)
        assert list(Store(tmp_path / "out")) == []
        assert list(Store(tmp_path / "out").failures()) == []
        assert endpoint.requests == []
        assert rollout(BOTH, agent, out=tmp_path / "out", episodes=2).finished == 4


@pytest.fixture
def disliked() -> Iterator[str]:
    """An environment with a briefing that an endpoint may tell from others."""
    gymnasium.register(id="toy/disliked-v0", entry_point="toy_env:ToyEnv", kwargs={"briefing": "Something else."})
    yield "toy/disliked-v0"
    del gymnasium.registry["toy/disliked-v0"]


def dislikes(said: str) -> Callable[[dict[str, Any]], Answer]:
    def answer(request: dict[str, Any]) -> Answer:
        return failure(400, said) if "else" in str(request["messages"]) else reply(command("submit"))

    return answer


@pytest.mark.slow
@pytest.mark.parametrize(
    ("said", "tries"), [("Your input was flagged by moderation", 1), ("the template has no such variable", 3)]
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_conversation_that_is_refused_costs_the_others_nothing(
    tmp_path: Path, disliked: str, said: str, tries: int, jobs: int
) -> None:
    with Endpoint(dislikes(said)) as endpoint:
        agent = f"m=chat:m@{endpoint.url}?temperature=0"
        summary = rollout([disliked, BOTH[0]], agent, out=tmp_path / "out", episodes=14, jobs=jobs)
    assert (summary.failed, summary.finished, summary.retries) == (14, 14, 14 * (tries - 1))
    assert len(list(Store(tmp_path / "out").failures())) == 14 * tries


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_briefing_that_the_model_has_no_room_for(tmp_path: Path, disliked: str, jobs: int) -> None:
    with Endpoint(dislikes("This model's maximum context length is 512 tokens")) as endpoint:
        agent = f"m=chat:m@{endpoint.url}"
        with pytest.raises(UserError, match="not even the briefing fits"):
            rollout([disliked], agent, out=tmp_path / "out", episodes=9, jobs=jobs)
        assert list(Store(tmp_path / "out")) == []
        assert len(endpoint.requests) <= jobs, "no other episode of the challenge is tried"
        summary = rollout([disliked, BOTH[0]], agent, out=tmp_path / "out", episodes=9, jobs=jobs)
    assert (summary.failed, summary.finished) == (9, 9)


def test_a_briefing_without_room_and_an_endpoint_that_fails(tmp_path: Path, disliked: str) -> None:
    """Not even the one being told of as the other: what failed for several reasons is counted."""

    def answer(request: dict[str, Any]) -> Answer:
        said = "maximum context length is 512 tokens" if "else" in str(request["messages"]) else "flagged by moderation"
        return failure(400, said)

    with Endpoint(answer) as endpoint:
        summary = rollout([disliked, BOTH[0]], f"chat:m@{endpoint.url}", out=tmp_path / "out", episodes=2)
        with pytest.raises(UserError, match="not even the briefing fits"):
            rollout([disliked], f"chat:m@{endpoint.url}", out=tmp_path / "none")
        counted = rollout([disliked], f"chat:m@{endpoint.url}", out=tmp_path / "none", raise_if_none=False)
    assert (summary.failed, summary.finished) == (4, 0)
    assert (counted.failed, counted.finished) == (1, 0)


def test_room_that_is_lacking_once_is_no_trait_of_the_challenge(tmp_path: Path) -> None:
    overflow = failure(400, "This model's maximum context length is 512 tokens")
    answers = [reply(command("submit")), overflow, *[reply(command("submit"))] * 3]
    with Endpoint(answers) as endpoint:
        summary = rollout(BOTH[:1], f"chat:m@{endpoint.url}", out=tmp_path / "out", episodes=4)
    assert (summary.finished, summary.failed, summary.retries) == (4, 0, 1)


def test_one_call_before_the_first_episode(tmp_path: Path) -> None:
    with Endpoint(lambda _: failure(402, "Insufficient Balance")) as endpoint:
        agent = f"m=chat:m@{endpoint.url}"
        with pytest.raises(UserError, match="Insufficient Balance"):
            rollout(BOTH, agent, out=tmp_path / "out", preflight=True)
    assert [len(request["messages"][1]["content"]) < 40 for request in endpoint.requests] == [True]
    with Endpoint(lambda _: reply(command("submit"))) as endpoint:
        agent = f"m=chat:m@{endpoint.url}"
        for _ in range(2):
            rollout(BOTH, agent, out=tmp_path / "out", preflight=True)
    assert len(endpoint.requests) == 1 + 2, "and none where nothing is left to run"


def test_an_endpoint_that_is_down_for_a_moment_does_not_end_a_run(tmp_path: Path) -> None:
    with Endpoint([failure(503, "starting"), reply(command("submit"))]) as endpoint:
        agent = f"m=chat:m@{endpoint.url}"
        with pytest.warns(UserWarning, match="starting; gave up after 1 attempt; it may pass"):
            assert rollout(BOTH[:1], agent, out=tmp_path / "out", preflight=True).finished == 1


def test_recorded_failures_are_run_again_when_asked_for(tmp_path: Path) -> None:
    module = tmp_path / "moody_agent.py"
    out = tmp_path / "out"

    class Moody:
        name = "moody"
        broken = True

        def __call__(self, observation: str, info: dict[str, Any]) -> str:
            if self.broken and info["step"] == 1:
                raise KeyError(f"nothing\nfor {module.name}")
            return ["score 0.5", "submit"][info["step"]]

    agent = Moody()
    first = rollout(BOTH, agent, out=out, episodes=2)
    assert (first.agent_errors, first.submitted) == (4, 0)
    assert first.agent_error == "KeyError: 'nothing\\nfor moody_agent.py'"
    rollout(BOTH, Moody(), out=out, episodes=3)
    Store(out).compact()
    agent.broken = False
    assert rollout(BOTH, agent, out=out, episodes=3).finished == 0, "by itself, what is recorded stays"
    again = rollout(BOTH[:1], agent, out=out, episodes=3, retry="agent_error")
    assert (again.resumed, again.finished, again.agent_errors, again.submitted) == (0, 3, 0, 3)
    ends = {(record.env_id, record.outcome.exit_status) for record in Store(out)}
    assert ends == {(BOTH[0], "submitted"), (BOTH[1], "agent_error")}, "only what is in the plan"
    assert len(list(read_episodes(out / "retried.jsonl"))) == 3
    assert rollout(BOTH[:1], agent, out=out, episodes=3, retry=["agent_error"]).finished == 0


def test_models_are_asked_from_workers(tmp_path: Path) -> None:
    def script(request: dict[str, Any]) -> Any:
        return reply(command("submit" if len(request["messages"]) > 2 else "score 0.5 && validate"))

    with Endpoint(script) as endpoint:
        summary = rollout(BOTH, f"m=chat:m@{endpoint.url}", out=tmp_path / "out", episodes=3, jobs=2)
    assert summary.finished == 6
    assert all(record.usage and record.usage.calls == 2 for record in Store(tmp_path / "out"))
    assert len({request["seed"] for request in endpoint.requests}) == 6, "the seeds of calls come from the episode's"


SCRIPT = """
import sys
sys.path.insert(0, PARTS)
import gymnasium
from synthgym.agents.rollout import rollout

gymnasium.register(id="toy/one-v0", entry_point="toy_env:ToyEnv")
print("the script begins")
GOAL = 0.5

class Agent:
    name = "of-the-script"

    def __call__(self, observation, info):
        return "submit" if info["step"] else f"score {GOAL}"

print(rollout(["toy/one-v0"], Agent, out="out", episodes=4, jobs=2))
"""


@pytest.mark.parametrize("how", ["a script", "standard input"])
def test_an_agent_of_the_script_itself_without_a_main_guard(tmp_path: Path, how: str) -> None:
    text = SCRIPT.replace("PARTS", repr(str(PARTS)))
    (tmp_path / "play.py").write_text(text)
    arguments = ["play.py"] if how == "a script" else ["-"]
    done = subprocess.run(
        [sys.executable, *arguments], input=text, cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("the script begins") == 1
    records = list(Store(tmp_path / "out"))
    assert [record.agent for record in records] == ["of-the-script"] * 4
    assert all(record.outcome.accepted_submission for record in records)
    assert list(Store(tmp_path / "out").failures()) == []


# -- wrong input -----------------------------------------------------------------------------------------------------


def test_wrong_names_are_explained_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match=r"unknown environment 'toy/on-v0'; did you mean 'toy/one-v0'"):
        rollout(["toy/on-v0"], "toy_agents:Seeded", out=tmp_path / "out")
    with pytest.raises(UnknownNameError, match="unknown agent 'scriptd'"):
        rollout(BOTH, "scriptd", out=tmp_path / "out")
    with pytest.raises(UserError, match="at least one environment"):
        rollout([], toy_agents.quitter, out=tmp_path / "out")
    with pytest.raises(UserError, match="jobs: expected at least 1, got 0"):
        rollout(BOTH, toy_agents.quitter, out=tmp_path / "out", jobs=0)
    with (tmp_path / "log").open("w") as log, pytest.raises(UserError, match="cannot be sent to worker processes"):
        rollout(BOTH, lambda observation, info: log.name, out=tmp_path / "out", jobs=2)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"seed": -1}, "seed: expected at least 0, got -1"),
        ({"seed": 1.5}, "seed: expected a whole number, got 1.5"),
        ({"episodes": 1.0}, "episodes: expected a whole number"),
        ({"jobs": None}, "jobs: expected a whole number"),
        ({"env_options": {"max_stps": 1}}, "unknown setting of the environment 'max_stps'; did you mean 'max_steps'"),
        ({"retry": ["agent_eror"]}, "unknown exit status 'agent_eror'; did you mean 'agent_error'"),
    ]
    for settings, words in wrong:
        with pytest.raises(UserError, match=words):
            rollout(BOTH, toy_agents.quitter, out=tmp_path / "out", **settings)
    assert not (tmp_path / "out").exists()


def test_another_runs_folder(tmp_path: Path) -> None:
    rollout(BOTH, "toy_agents:Seeded", out=tmp_path / "out")
    for change in ({"agent": "toy_agents:quitter"}, {"seed": 3}, {"env_options": {"max_steps": 3}}):
        with pytest.raises(OutputFolderError, match=next(iter(change))):
            rollout(**{"env_ids": BOTH, "agent": "toy_agents:Seeded", "out": tmp_path / "out", **change})


def test_a_challenge_that_changed_does_not_mix(tmp_path: Path) -> None:
    def run(content: str) -> Summary:
        gymnasium.registry.pop("toy/changing-v0", None)
        gymnasium.register(id="toy/changing-v0", entry_point="toy_env:ToyEnv", kwargs={"content_hash": content})
        return rollout(["toy/changing-v0"], "toy_agents:Seeded", out=tmp_path / "out")

    run("old")
    assert run("old").resumed == 1
    with pytest.raises(OutputFolderError, match="toy/changing-v0 as it was"):
        run("new")


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_missing_sandbox_is_said_once(tmp_path: Path, jobs: int) -> None:
    with pytest.raises(UserError, match="not installed; install it with") as caught:
        rollout(BOTH, "toy_agents:Seeded", out=tmp_path / "out", jobs=jobs, sandbox="missing")
    assert isinstance(caught.value, MissingDependencyError)
    assert list(Store(tmp_path / "out").failures()) == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_full_disk_ends_the_run_with_its_reason(tmp_path: Path, jobs: int) -> None:
    """No file may grow past a limit, which workers inherit: the system refuses as on a full disk."""
    out = tmp_path / "out"
    assert rollout(BOTH, "toy_agents:Seeded", out=out, episodes=1).finished == 2
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(3.5 * len(lines(Store(out))[0])), before[1]))
    try:
        with pytest.raises(OutputFolderError, match="no space left; all finished episodes are kept"):
            rollout(BOTH, "toy_agents:Seeded", out=out, episodes=20, jobs=jobs)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    kept = len(list(Store(out)))
    assert kept >= 3
    summary = rollout(BOTH, "toy_agents:Seeded", out=out, episodes=20)
    assert (summary.resumed, summary.finished) == (kept, 40 - kept)


# -- killed and interrupted ------------------------------------------------------------------------------------------


def drive(tmp_path: Path, jobs: int, delay: float) -> subprocess.Popen[str]:
    (tmp_path / "opened").mkdir(exist_ok=True)
    arguments = [sys.executable, "drive.py", str(tmp_path / "out"), str(tmp_path / "opened"), str(jobs), str(delay)]
    return subprocess.Popen(arguments, cwd=PARTS, stdout=subprocess.PIPE, text=True, start_new_session=True)


def session_members(session: int) -> set[int]:
    """Processes of a session, other than its leader."""
    found = set()
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                stat = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(stat[3]) == session and stat[0] != "Z":
                found.add(int(name))
    return found - {session}


def wait_until_alone(session: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while session_members(session) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not session_members(session)


def read_until(process: subprocess.Popen[str], text: str) -> None:
    assert process.stdout
    for line in process.stdout:
        if line.startswith(text):
            return
    raise AssertionError(f"the process ended before it said {text}")


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_killed_and_resumed_every_episode_is_there_once(tmp_path: Path, jobs: int) -> None:
    for until in ("3/", "7/"):
        with drive(tmp_path, jobs, 0.03) as process:
            read_until(process, until)
            process.kill()
        wait_until_alone(process.pid, 5)
    finished = lines(Store(tmp_path / "out"))
    assert 7 <= len(finished) < 20
    with drive(tmp_path, jobs, 0.0) as process:
        output, _ = process.communicate()
    assert process.returncode == 0
    summary = Summary.model_validate_json(output.splitlines()[-1])
    assert (summary.resumed, summary.finished) == (len(finished), 20 - len(finished))
    raw = [line for shard in (tmp_path / "out").glob("episodes-*") for line in shard.read_text().splitlines()]
    assert len(raw) == len(list(Store(tmp_path / "out"))) == 20
    left = {path.name for path in (tmp_path / "out").iterdir()}
    assert left <= {"run.json", *(f"episodes-{k}.jsonl" for k in range(6))}


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("times", [1, 2])
def test_interrupted_it_cleans_up_and_keeps_what_is_finished(tmp_path: Path, jobs: int, times: int) -> None:
    with drive(tmp_path, jobs, 0.05) as process:
        read_until(process, "3/")
        started = time.monotonic()
        for _ in range(times):
            os.killpg(process.pid, signal.SIGINT)
            time.sleep(0.01)
        process.wait(timeout=10)
    assert process.returncode == 130
    assert time.monotonic() - started < 9, "nobody waited for the workers to be killed"
    wait_until_alone(process.pid, 0.5)
    assert list((tmp_path / "opened").iterdir()) == [], "every environment was closed"
    assert 3 <= len(list(Store(tmp_path / "out"))) < 20
    with drive(tmp_path, jobs, 0.0) as process:
        process.communicate()
    assert len(list(Store(tmp_path / "out"))) == 20
