"""The commands about agents: play, rollout, benchmark, aup, report."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cli_tools import Run, command
from endpoint import Answer, Endpoint, failure, reply

from synthgym.agents.trajectories.store import Store
from synthgym.train.evaluation.benchmark import store_of


def test_play(synthgym: Run, collection: Path) -> None:
    typed = "python train.py\nvalidate\nsubmit\n"
    shown = synthgym("play", "toys/line-v0", "--collection", collection, stdin=typed).stdout
    assert "wrote predictions.csv" in shown
    assert "submitted: rmse" in shown
    assert "expected one, and 2 match" in synthgym("play", "toys/*", "--collection", collection, code=2).stderr


def test_play_without_standard_input(here: Path, collection: Path) -> None:
    words = map(str, command("play", "toys/line-v0", "--collection", collection))
    closed = subprocess.run(["sh", "-c", '"$@" <&-', "sh", *words], cwd=here, capture_output=True, text=True)
    assert (closed.returncode, "Traceback" in closed.stderr) == (0, False), closed.stderr
    assert "agent_stopped: no accepted submission" in closed.stdout


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_json_is_all_that_is_printed_whatever_agents_print(
    synthgym: Run, collection: Path, here: Path, tmp_path: Path, jobs: int
) -> None:
    (here / "chatty.py").write_text(
        "import os\ndef solve(seen, info):\n    print('said')\n    os.system('echo shouted')\n    return 'submit'"
    )
    options = ["--collection", collection, "--envs", "toys/line-v0", "--jobs", jobs, "--json"]
    for words in (["rollout", "--agent"], ["benchmark", "--agents"]):
        done = synthgym(*words, "chatty:solve", *options, "--out", tmp_path / words[0])
        assert json.loads(done.stdout)
        assert {"said", "shouted"} <= set(done.stderr.split())


def test_rollout_then_again(synthgym: Run, collection: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    options = ["--collection", collection, "--envs", "toys/*", "--split", "train", "--out", out]
    first = json.loads(synthgym("rollout", *options, "--agent", "toy_agents:solve", "--json").stdout)
    assert (first["planned"], first["finished"], first["submitted"]) == (1, 1, 1)
    assert first["mean_improvement"] > 0.9
    again = synthgym("rollout", *options, "--agent", "toy_agents:solve", "--episodes", 2, "--jobs", 2)
    assert "2 of 2 episodes, 1 from an earlier run, 2 with an accepted submission" in again.stdout
    assert "rollout: 2/2" in again.stderr
    other = synthgym("rollout", *options, "--agent", "toy_agents:sleep", code=2)
    assert "holds another run (agent: " in other.stderr


@pytest.mark.slow
@pytest.mark.parametrize("words", [("rollout", "--agent"), ("benchmark", "--agents")], ids=lambda words: words[0])
def test_as_many_challenges_as_are_asked_for(
    synthgym: Run, collection: Path, tmp_path: Path, words: tuple[str, str]
) -> None:
    options = ["--collection", collection, "--envs", "toys/*", "--json"]
    for count in (1, 2, 9):
        done = synthgym(*words, "toy_agents:solve", *options, "--challenges", count, "--out", tmp_path / str(count))
        found = json.loads(done.stdout)
        assert found.get("toy_agents:solve", found)["planned"] == min(count, 2)


def test_rollout_refuses_what_it_cannot_do(synthgym: Run, collection: Path, tmp_path: Path) -> None:
    options = ["rollout", "--collection", collection, "--out", tmp_path / "out"]
    wrong = synthgym(*options, "--envs", "toys/lime-v0", "--agent", "scripted", code=2)
    assert "did you mean 'toys/line-v0'" in wrong.stderr
    wrong = synthgym(*options, "--envs", "toys/*", "--agent", "scriptd", code=2)
    assert "unknown agent 'scriptd'; did you mean 'scripted'" in wrong.stderr
    wrong = synthgym(*options, "--envs", "toys/*", "--agent", "scripted", "--sandbox", "bubblewrapp", code=2)
    assert "did you mean 'bubblewrap'" in wrong.stderr
    assert not (tmp_path / "out").exists()


def test_benchmark_aup_report(synthgym: Run, collection: Path, tmp_path: Path) -> None:
    out = tmp_path / "bench"
    options = ["--collection", collection, "--envs", "toys/line-v0", "--out", out, "--jobs", 2]
    shown = synthgym(
        "benchmark", *options, "--agents", "good=toy_agents:solve", "starter=toy_agents:hand_in_the_starter"
    )
    lines = shown.stdout.splitlines()
    assert [line.partition(":")[0] for line in lines[:2]] == ["good", "starter"]
    assert [line.split()[0] for line in lines[lines.index("Improvement (1 challenge)") + 2 :][:2]] == [
        "good",
        "starter",
    ]
    assert [line.split()[0] for line in lines[lines.index("AUP") + 2 :][:3]] == ["good", "baseline", "starter"]
    assert "AUP relative to good" in lines
    assert lines[-1] == f"{out}/report.html"
    assert "<svg" in (out / "report.html").read_text()
    aup = json.loads(synthgym("aup", out, "--json").stdout)
    assert set(aup) == {"best", "last"}
    for mode in aup.values():
        assert mode["good"] > mode["baseline"]
        assert set(mode) == {"good", "starter", "baseline"}
    table = synthgym("aup", out).stdout.splitlines()
    assert table[1].split()[0] == "good"
    page = tmp_path / "page.html"
    assert synthgym("report", out, "--out", page).stdout == f"{page}\n"
    text = page.read_text()
    assert "KEEP = 3" in text  # a sample trajectory
    assert "<svg" in text


def test_every_agent_of_a_benchmark_has_a_folder_of_its_own(tmp_path: Path) -> None:
    long = "chat:" + "m" * 90
    names = ["a", "a/b", "a:b", "a-b", f"{long}1", f"{long}2", "ä", "/", "agent", ".", "..", "-..-"]
    assert len({store_of(tmp_path, name) for name in names}) == len(names)
    assert {store_of(tmp_path, name).resolve().parent for name in names} == {tmp_path / "episodes"}
    assert store_of(tmp_path, "good") == tmp_path / "episodes" / "good"
    of_an_earlier_release = tmp_path / "episodes" / "a-b"
    Store(of_an_earlier_release).claim({"command": "rollout", "agent": "a/b"})
    assert store_of(tmp_path, "a/b") == of_an_earlier_release
    assert len({store_of(tmp_path, name) for name in names}) == len(names)


def test_a_broken_agent_is_named_with_its_exception_and_where_to_look(
    synthgym: Run, collection: Path, here: Path, tmp_path: Path
) -> None:
    (here / "fragile.py").write_text("def solve(observation, info):\n    raise ValueError('no licence')\n")
    out = tmp_path / "bench"
    options = ["--collection", collection, "--envs", "toys/line-v0", "--out", out, "--episodes", 2]
    agents = ["--agents", "good=toy_agents:solve", "broken=fragile:solve"]
    shown = synthgym("benchmark", *options, *agents).stdout
    (line,) = [line for line in shown.splitlines() if line.startswith("broken:")]
    assert "the agent raised in 2 (ValueError: no licence; see outcome.error in" in line
    where = line.partition("outcome.error in ")[2].partition("/episodes-*.jsonl")[0]
    assert "no licence" in next(Path(where).glob("episodes-*.jsonl")).read_text()
    table = shown[shown.index("AUP") :]
    rows = [row for row in table.splitlines() if "in 2 of 2: ValueError: no licence (see episodes/broken)" in row]
    assert [row.split()[0] for row in rows] == ["broken"]
    (here / "fragile.py").write_text((here / "toy_agents.py").read_text())
    assert "raised" in synthgym("benchmark", *options, *agents).stdout, "what is recorded stays, unless asked for"
    again = synthgym("benchmark", *options, *agents, "--retry", "agent_error")
    assert "raised" not in again.stdout
    assert "has changed" not in again.stderr, "those episodes are run anew"


@pytest.mark.slow
def test_a_model_that_cannot_be_asked_ends_the_run_before_the_first_episode(
    synthgym: Run, collection: Path, tmp_path: Path
) -> None:
    options = ["--collection", collection, "--envs", "toys/line-v0", "--out", tmp_path / "out"]
    agents = ["--agents", "good=toy_agents:solve", "model=chat:m@https://api.example.invalid/v1"]
    odd = synthgym("benchmark", *options, *agents, code=2, OPENAI_API_KEY="sk-…")
    assert "OPENAI_API_KEY: expected letters, digits and signs" in odd.stderr
    broken = synthgym("benchmark", *options, *agents, code=2, OPENAI_API_KEY="k", OPENAI_ORG_ID="org\n1")
    assert "OPENAI_ORG_ID: expected letters, digits and signs; character 4 of 5 is a line break" in broken.stderr
    no_file = synthgym("benchmark", *options, *agents, code=2, OPENAI_API_KEY="k", SSL_CERT_FILE="/nowhere.pem")
    assert "SSL_CERT_FILE is /nowhere.pem, which is not there" in no_file.stderr
    assert not list((tmp_path / "out").glob("**/episodes-*.jsonl")), "not even of the agent that could have played"
    with Endpoint(lambda _: failure(401, "Incorrect API key provided")) as endpoint:
        options = ["--collection", collection, "--envs", "toys/line-v0", "--agent", f"chat:m@{endpoint.url}"]
        wrong = synthgym("rollout", *options, "--out", tmp_path / "rolled", code=2, OPENAI_API_KEY="key-for-tests")
        asked = len(endpoint.requests)
        synthgym("rollout", *options, "--out", tmp_path / "rolled", "--no-preflight", code=2)
        options[-1] = "toy_agents:solve"
        synthgym("rollout", *options, "--out", tmp_path / "rolled")  # no episode was finished: the folder is free
    assert "refused the key in OPENAI_API_KEY (401): Incorrect API key provided" in wrong.stderr
    assert asked == 1


def no_room(request: dict[str, Any]) -> Answer:
    if len(request["messages"][-1]["content"]) < 40:  # the call before the first episode
        return reply("Yes.")
    return failure(400, "This model's maximum context length is 512 tokens")


@pytest.mark.slow
def test_an_agent_that_can_play_no_challenge_costs_the_others_nothing(
    synthgym: Run, collection: Path, tmp_path: Path
) -> None:
    options = ["--collection", collection, "--envs", "toys/line-v0", "--out", tmp_path / "out"]
    with Endpoint(no_room) as endpoint:
        small = f"small=chat:m@{endpoint.url}"
        alone = synthgym("benchmark", *options, "--agents", small, code=1, OPENAI_API_KEY="key-for-tests")
        agents = ["--agents", small, "good=toy_agents:solve"]
        done = synthgym("benchmark", *options, *agents, code=1, OPENAI_API_KEY="key-for-tests")
    for told in (alone, done):
        assert "small: toys/line-v0 seed 0: NoRoom: " in told.stderr
        assert "small: 0 of 1 episodes, 1 could not be run" in told.stdout
    assert "good: 1 of 1 episodes" in done.stdout
    table = done.stdout[done.stdout.index("AUP") :].splitlines()
    assert [line.split()[0] for line in table[2:4]] == ["good", "baseline"]


@pytest.mark.slow
def test_export_of_a_benchmark(synthgym: Run, collection: Path, tmp_path: Path) -> None:
    bench, out = tmp_path / "bench", tmp_path / "results"
    agents = ["good=toy_agents:solve", "no-good=toy_agents:hand_in_the_starter"]
    synthgym("benchmark", "--collection", collection, "--envs", "toys/line-v0", "--out", bench, "--agents", *agents)
    done = synthgym("export", bench, "--format", "mlgym", "--out", out, "--no-timings")
    assert done.stdout == f"{out}: 2 runs (agents: 2, tasks: 1)\n"
    assert "take runs of no-good for runs of good too" in done.stderr
    runs = {path.name.split("__")[0]: path for path in out.iterdir()}
    assert set(runs) == {"good", "no-good"}
    scores = {solver: json.loads((run / "results.json").read_text()) for solver, run in runs.items()}
    assert [len(scores[solver]["agent"]) for solver in ("good", "no-good")] == [2, 1]
    assert scores["good"]["agent"][-1]["rmse"] < scores["no-good"]["agent"][-1]["rmse"]
    steps = json.loads((runs["good"] / "toys-line-v0.traj").read_text())["trajectory"]
    assert [step["execution_time"] for step in steps] == [0.0, 0.0]

    assert "is not empty" in synthgym("export", bench, "--format", "mlgym", "--out", out, code=2).stderr
    prefixed = tmp_path / "prefixed"
    synthgym("export", bench / "episodes" / "good", "--format", "mlgym", "--out", prefixed, "--prefix", "metagen-")
    assert [path.name.split("__")[0] for path in prefixed.iterdir()] == ["metagen-good"]
    of_all = synthgym("export", bench, "--format", "mlgym", "--out", tmp_path / "x", "--submitted", code=2)
    assert "results are of all episodes" in of_all.stderr
    assert "only for --format mlgym" in synthgym("export", bench, "--out", out, "--prefix", "x", code=2).stderr

    messages = tmp_path / "messages.jsonl"
    assert "2 of 2 episodes" in synthgym("export", bench, "--out", messages).stdout
    assert len(messages.read_text().splitlines()) == 2


def test_no_benchmark_there(synthgym: Run, tmp_path: Path) -> None:
    for name in ("aup", "report"):
        assert "scores.jsonl: no such file" in synthgym(name, tmp_path, code=2).stderr
