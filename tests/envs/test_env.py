"""The contract of `ChallengeEnv`: what steps do, what limits do, what is told."""

from __future__ import annotations

import shutil
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import challenges
import gymnasium
import pytest
from env_fixtures import needs

from synthgym.base.errors import GraderError, OutOfTurn, SandboxError, SpecError, UnknownNameError, UserError
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.infos import EpisodeInfo, SubmissionInfo
from synthgym.envs.reward import ScoreEvent
from synthgym.envs.session import MAX_ACTION, MOST_REFUSED

INFO = set(EpisodeInfo.__annotations__)
GOOD = "sed -i 's/KEEP = 1/KEEP = 3/' train.py; python train.py"


@pytest.fixture(params=["bubblewrap", "local"])
def env(request: pytest.FixtureRequest, make_env: Callable[..., ChallengeEnv]) -> ChallengeEnv:
    """A reset environment of the table challenge, on each backend."""
    env = make_env("line", request.param)
    env.reset(seed=1)
    return env


def edited(
    collection: Path, tmp_path: Path, name: str = "line", sandbox: str = "bubblewrap", **budget: Any
) -> ChallengeEnv:
    """An environment of a copy of a challenge with another budget."""
    needs(sandbox)
    challenge = challenges.table_spec(name)
    challenge.budget = challenge.budget.model_copy(update=budget)
    files = {
        path.relative_to(collection / "line").as_posix(): path.read_text()
        for part in ("workspace", "grader")
        for path in (collection / "line" / part).rglob("*.py")
    }
    challenges.write(tmp_path, challenge, files)
    return ChallengeEnv(str(tmp_path), name, sandbox=sandbox)


def test_the_briefing_says_what_is_needed(make_env: Callable[..., ChallengeEnv]) -> None:
    observation, info = make_env("line", max_steps=7).reset(seed=0)
    for part in (
        "A line",
        "rmse, lower is better",
        "starter scores 1.00",
        "predictions.csv",
        "header y",
        "train.py",
        "data/test.csv",
    ):
        assert part in observation
    assert "validate (score the submission, 5 times)" in observation
    assert "Steps: 7" in observation
    assert "Limits: 5 CPU seconds a command (20 by the clock), 30 in all; " in observation
    assert "; 512 MB of memory, 32 MB of disk, 128 processes." in observation
    assert len(observation) < 900
    assert set(info) == INFO
    assert set(info["submission"]) == set(SubmissionInfo.__annotations__)
    assert (info["step"], info["steps_left"]) == (0, 7)
    assert (info["returncode"], info["score"]) == (None, None)
    assert info["submission"] == {"accepted": False, "score": None, "improvement": 0.0, "error": None}


def test_an_episode(env: ChallengeEnv) -> None:
    observation, reward, terminated, truncated, info = env.step("python train.py && validate")
    assert "wrote predictions.csv\nvalidation score 0.99" in observation
    assert "4 validations left" in observation
    assert (reward, terminated, truncated, len(info["scores"])) == (0.0, False, False, 1)
    observation, reward, _, _, info = env.step(f"{GOOD} && validate")
    assert reward > 0.9
    assert info["best_score"] == min(info["scores"])
    observation, reward, terminated, truncated, info = env.step("submit; echo after")
    assert observation == "submitted; the episode is over"
    assert (terminated, truncated, info["exit_status"], info["returncode"]) == (True, False, "submitted", 0)
    assert set(info) == INFO
    assert info["submission"] == {
        "accepted": True, "score": info["score"], "improvement": info["improvement"], "error": None
    }  # fmt: skip
    assert 0.05 < info["score"] < 0.2
    with pytest.raises(gymnasium.error.ResetNeeded):
        env.step("true")


def test_a_step_before_a_reset(make_env: Callable[..., ChallengeEnv]) -> None:
    with pytest.raises(gymnasium.error.ResetNeeded):
        make_env().step("true")


def test_scores_are_shown_no_finer_than_the_noise(env: ChallengeEnv) -> None:
    observation, *_, info = env.step("python train.py && validate")
    (score,) = info["scores"]
    assert score == round(score, 2)
    assert f"score {score:.2f} " in observation


@pytest.mark.parametrize(
    "action", ["", "\0\0", "\x1b[2J\xff", "exit 3", "kill -9 $$", "kill -9 -1", "echo 'open", "\ud800"]
)
def test_no_action_breaks_an_episode(make_env: Callable[..., ChallengeEnv], action: str) -> None:
    env = make_env("line")
    env.reset(seed=0)
    observation, reward, terminated, truncated, info = env.step(action)
    assert observation in env.observation_space
    assert (reward, terminated, truncated, info["step"]) == (0.0, False, False, 1)
    assert env.step("echo alive")[0] == "alive"


def test_a_huge_action_is_refused_and_counted(env: ChallengeEnv) -> None:
    observation, *_, info = env.step("#" * (MAX_ACTION + 1))
    assert "refused" in observation
    assert (info["step"], info["returncode"]) == (1, None)
    assert env.step("#" + "x" * (MAX_ACTION - 1))[4]["returncode"] == 0


def test_an_action_that_is_no_text(env: ChallengeEnv) -> None:
    with pytest.raises(TypeError, match="expected str, got int"):
        env.step(3)  # type: ignore[arg-type]
    assert env.step("echo alive")[0] == "alive"


@pytest.mark.parametrize("letter", ["a", "é", "漢", "🙂"])
@pytest.mark.parametrize("count", [999, 1001, 50_000, 200_000])
def test_a_long_observation_is_cut_once_and_says_how_much_is_missing(
    make_env: Callable[..., ChallengeEnv], letter: str, count: int
) -> None:
    env = make_env("line", max_observation=1000)
    env.reset(seed=0)
    observation, *_ = env.step(f"printf '%.0s{letter}' $(seq {count}); echo; (exit 3)")
    assert len(observation) <= 1000
    assert observation.endswith("\n[exit code 3]")
    lines = observation.removesuffix("\n[exit code 3]").split("\n")
    marks = [line for line in lines if "left out" in line]
    missing = sum(int(mark.split()[1]) for mark in marks)
    kept = sum(len(line) for line in lines if line not in marks)
    assert (len(marks), kept + missing) == (count + 14 >= 1000, count)
    assert observation[0] == letter
    assert "�" not in observation


@pytest.mark.parametrize("most", [1, 5, 30, 60, 71])
def test_what_is_said_of_a_command_is_in_the_observation_space_too(
    make_env: Callable[..., ChallengeEnv], most: int
) -> None:
    env = make_env("line", max_observation=most)
    assert env.reset(seed=0)[0] in env.observation_space
    for action in (
        "echo hi; exit 3",
        "seq 1000",
        "#" * (MAX_ACTION + 1),
        "printf '%.0s漢' $(seq 200); exec >x",
        "true",
    ):
        assert env.step(action)[0] in env.observation_space


@pytest.mark.parametrize("wrong", [1.5, "20", None, -1, 0, True])
def test_the_longest_observation_is_a_whole_number(make_env: Callable[..., ChallengeEnv], wrong: Any) -> None:
    with pytest.raises(SpecError, match=r"max_observation: expected (a whole number|at least 1), got"):
        make_env("line", max_observation=wrong)


@pytest.mark.parametrize("wrong", [None, 3, Path("docker")])
def test_a_sandbox_is_named(collection: Path, wrong: Any) -> None:
    with pytest.raises(
        UserError, match=r"sandbox: expected one of docker, bubblewrap, local, swerex:CONFIG.yaml, auto,"
    ):
        ChallengeEnv(collection, "line", sandbox=wrong)


def test_a_long_observation_shows_its_beginning_and_its_end(make_env: Callable[..., ChallengeEnv]) -> None:
    env = make_env("line", max_observation=200_000)
    env.reset(seed=0)
    text = "".join(f"{number}\n" for number in range(1, 30_001))
    assert env.step("seq 1 30000")[0] == text.rstrip("\n")
    observation, *_ = env.step("seq 1 90000")
    assert 199_990 < len(observation) <= 200_000
    assert observation.startswith(text[:90_000])
    assert observation.endswith("\n89999\n90000")


@pytest.mark.parametrize(
    ("command", "observation"),
    [
        (r"printf '\033[31mred\033[0m \033]0;title\007x\033[2K\n'", "red x"),
        (r"printf '_\b\ba\bb |\b/\b-\bdone\n'", "b done"),
        (r"printf '10%%\r20%%\r\n'; printf 'a\r\nb\r\n'", "20%\na\nb"),
        (r"printf 'a\0b\xff\n'", "a�b�"),
        (r"printf 'no newline'", "no newline"),
        (r"printf 'tab\there\n\n\n'", "tab\there"),
        ("exec >file", "[the shell's own output was redirected; a new shell was started in the workspace]"),
        ("set -x; echo one", "++ echo one\none"),
    ],
)
def test_an_observation_is_what_a_terminal_would_show(env: ChallengeEnv, command: str, observation: str) -> None:
    assert env.step(command)[0] == observation
    env.step("set +x")
    assert env.step("echo seen")[0] == "seen"


def test_an_agent_is_told_when_its_background_was_ended(make_env: Callable[..., ChallengeEnv]) -> None:
    env = make_env("line", max_steps=40)
    env.reset(seed=0)
    said = [env.step(f"{GOOD}; :(){{ :|:& }};:")[0]]
    while "[no process was left to start; " not in said[-1]:  # until the sandbox is full, a step may find room
        assert len(said) < 30, said
        time.sleep(0.3)
        said.append(env.step("/bin/true")[0])
    observation, _, terminated, *_ = env.step("submit")
    assert (observation, terminated) == ("submitted; the episode is over", True)


def test_what_is_said_of_a_command_that_did_not_end_well(env: ChallengeEnv) -> None:
    assert env.step("echo out; exit 7")[0] == (
        "out\n[exit code 7]\n[the shell ended; a new one was started in the workspace]"
    )
    assert env.step("(exit 8)")[0] == "[exit code 8]"


def test_the_step_limit_grades_the_last_validated_submission(make_env: Callable[..., ChallengeEnv]) -> None:
    env = make_env("line", max_steps=2)
    env.reset(seed=0)
    env.step(f"{GOOD}; validate")
    observation, _, terminated, truncated, info = env.step("echo spoilt > predictions.csv; validate; echo end")
    assert "end\n[that was the last step" in observation
    assert (terminated, truncated, info["exit_status"], info["steps_left"]) == (False, True, "step_limit", 0)
    assert info["score"] < 0.2


def test_the_step_limit_grades_what_lies_there_where_nothing_was_validated(
    make_env: Callable[..., ChallengeEnv],
) -> None:
    env = make_env("line", max_steps=1)
    env.reset(seed=0)
    info = env.step(GOOD)[4]
    assert info["submission"]["accepted"] is True
    assert info["score"] < 0.2


def test_a_submit_in_the_last_step_terminates(make_env: Callable[..., ChallengeEnv]) -> None:
    env = make_env("line", max_steps=1)
    env.reset(seed=0)
    _, _, terminated, truncated, info = env.step(f"{GOOD}; submit")
    assert (terminated, truncated, info["exit_status"]) == (True, False, "submitted")


def test_the_cpu_budget_ends_the_episode(collection: Path, tmp_path: Path) -> None:
    env = edited(collection, tmp_path, command_cpu_seconds=0.5, episode_cpu_seconds=1.5, wall_factor=50)
    env.reset(seed=0)
    env.step(f"{GOOD}; validate")
    for _ in range(6):
        observation, _, _, truncated, info = env.step("while :; do :; done")
        if truncated:
            break
        assert "used more than its CPU seconds (0.5); the episode has " in observation
    env.close()
    assert info["exit_status"] == "budget"
    assert "the episode's time is used up (1.5 CPU seconds)" in observation
    assert info["cpu_seconds"] < 3
    assert info["score"] < 0.2


def test_the_wall_clock_budget_ends_the_episode(collection: Path, tmp_path: Path) -> None:
    env = edited(collection, tmp_path, command_cpu_seconds=0.3, episode_cpu_seconds=0.6, wall_factor=1)
    env.reset(seed=0)
    assert env.step("sleep 10")[3] is False
    *_, truncated, info = env.step("sleep 10")
    env.close()
    assert (truncated, info["exit_status"]) == (True, "budget")


def test_info_says_what_is_left(env: ChallengeEnv) -> None:
    info = env.reset(seed=0)[1]
    assert (info["command_cpu_seconds"], info["command_seconds"]) == (5, 20)
    assert (info["cpu_seconds_left"], info["seconds_left"]) == (30, 120)
    assert (info["memory_mb"], info["disk_mb"]) == (512, 32)
    info = env.step("timeout 0.3 sh -c 'while :; do :; done'")[4]
    assert info["cpu_seconds_left"] == pytest.approx(30 - info["cpu_seconds"])
    assert info["seconds_left"] == pytest.approx(120 - info["elapsed"])
    assert 0 < info["cpu_seconds"] < 5


def test_the_last_command_may_use_what_is_left(collection: Path, tmp_path: Path) -> None:
    env = edited(collection, tmp_path, command_cpu_seconds=50, episode_cpu_seconds=60, wall_factor=1)
    env.reset(seed=0)
    session = env._session
    assert session is not None
    session.cpu_seconds, session.wall_seconds = 59.5, 59.7
    observation, *_, info = env.step("echo slept; sleep 10")
    env.close()
    assert "[ended: the command used more than its seconds (0.3); the episode has 0 left]" in observation
    assert "[the episode's time is used up (60 seconds); the episode is over]" in observation
    assert (info["seconds_left"], info["exit_status"]) == (0, "budget")


def test_an_episode_that_is_finished_from_outside_is_graded(env: ChallengeEnv) -> None:
    paid = env.step(f"{GOOD}; validate")[1]
    paid += env.step("echo spoilt > predictions.csv")[1]
    reward, info = env.finish()
    assert (info["exit_status"], info["submission"]["accepted"], env.over) == ("finished", True, True)
    assert 0.05 < info["score"] < 0.2
    assert paid + reward == pytest.approx(info["improvement"])
    assert env.finish() == (reward, info)
    with pytest.raises(gymnasium.error.ResetNeeded):
        env.step("true")
    env.reset(seed=2)
    env.step(GOOD)
    assert env.finish()[0] > 0.9
    env.reset(seed=3)
    reward, info = env.finish()
    assert (reward, info["submission"]["accepted"], info["score"]) == (0, False, None)
    assert "no file" in info["submission"]["error"]


@pytest.mark.parametrize("last", ["submit", "true"])
def test_finishing_pays_nothing_where_a_step_ended_the_episode(
    make_env: Callable[..., ChallengeEnv], last: str
) -> None:
    env = make_env("line", max_steps=2)
    env.reset(seed=0)
    paid = env.step(f"{GOOD}; validate")[1] + env.step(last)[1]
    reward, info = env.finish()
    assert (reward, info["exit_status"]) == (0, "submitted" if last == "submit" else "step_limit")
    assert paid == pytest.approx(info["improvement"])


STEPS = {
    "would submit": ("sleep 30; submit", False),
    "submits": ("submit || true", True),
    "submits while it is finished": (f"{GOOD}; sleep 0.3; submit", None),
    "goes on": ("while :; do :; done", False),
}
"""What a step does that another thread does not wait for, and whether it ends the episode itself."""


@pytest.mark.parametrize("which", STEPS)
@pytest.mark.parametrize("validated", [True, False])
def test_finishing_ends_the_step_of_another_thread(env: ChallengeEnv, which: str, validated: bool) -> None:
    command, submits = STEPS[which]
    paid = env.step(f"{GOOD}; validate" if validated else GOOD)[1]
    with ThreadPoolExecutor(1) as threads:
        step = threads.submit(env.step, command)
        time.sleep(0.3)
        began = time.monotonic()
        reward, info = env.finish()
        assert time.monotonic() - began < 5
        observation, of_step, terminated, truncated, _ = step.result(timeout=5)
    assert paid + of_step + reward == pytest.approx(info["improvement"])
    assert info["improvement"] > 0.9
    assert truncated is False
    assert terminated is (info["exit_status"] == "submitted")
    if submits is not None:
        assert terminated is submits
        assert ("[interrupted" in observation) is not submits
    assert env.finish() == (reward, info)


def test_a_reset_ends_the_step_of_another_thread(env: ChallengeEnv) -> None:
    with ThreadPoolExecutor(1) as threads:
        step = threads.submit(env.step, "sleep 30")
        time.sleep(0.3)
        assert "A line" in env.reset(seed=2)[0]
        assert isinstance(step.exception(timeout=5), SandboxError)
    assert env.step("echo fresh")[0] == "fresh"


def test_steps_of_several_threads_come_one_after_another(make_env: Callable[..., ChallengeEnv]) -> None:
    env = make_env("line", max_steps=3)
    env.reset(seed=0)
    with ThreadPoolExecutor(4) as threads:
        steps = [threads.submit(env.step, f"{GOOD}; validate; sleep 0.1") for _ in range(4)]
    errors = [step.exception() for step in steps]
    assert [type(error) for error in errors if error] == [gymnasium.error.ResetNeeded]
    paid = sum(step.result()[1] for step, error in zip(steps, errors, strict=True) if not error)
    assert paid + env.finish()[0] == pytest.approx(env.finish()[1]["improvement"])


@pytest.mark.parametrize("call", [lambda env: env.finish(), lambda env: env.reset(), lambda env: env.step("echo no")])
def test_a_signal_handler_cannot_call_into_the_step_that_it_came_in(
    env: ChallengeEnv, call: Callable[[ChallengeEnv], Any]
) -> None:
    told: list[BaseException] = []

    def handler(*_: object) -> None:
        try:
            call(env)
        except OutOfTurn as error:
            told.append(error)

    before = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        assert env.step("sleep 1; echo hi")[0] == "hi"
    finally:
        signal.signal(signal.SIGALRM, before)
    assert "from another thread" in str(told[0])
    assert env.step("echo on")[0] == "on"


def test_a_reward_function_cannot_call_into_its_step(make_env: Callable[..., ChallengeEnv]) -> None:
    told: list[BaseException] = []

    def reward(event: ScoreEvent) -> float:
        for call in (env.finish, lambda: env.step("true"), env.reset):
            with pytest.raises(OutOfTurn) as caught:
                call()
            told.append(caught.value)
        return 2.0

    env = make_env("line", reward=reward)
    env.reset(seed=0)
    assert env.step(f"{GOOD}; validate")[1] == 2.0
    assert env.finish()[0] == 2.0
    assert len(told) == 6


def test_finishing_needs_an_episode(make_env: Callable[..., ChallengeEnv]) -> None:
    env = make_env("line")
    with pytest.raises(gymnasium.error.ResetNeeded):
        env.finish()


def test_unknown_options_of_a_reset_are_refused(env: ChallengeEnv) -> None:
    env.step("x=kept")
    with pytest.raises(UserError, match=r"unknown options 'difficulty'.*'reset_mask'"):
        env.reset(options={"difficulty": 3})
    assert env.step("echo $x")[0] == "kept"
    env.reset(options={})


def test_validations_are_budgeted(env: ChallengeEnv) -> None:
    env.step("python train.py")
    observation, *_, info = env.step("for i in 1 2 3 4 5 6 7; do validate; echo $?; done")
    assert observation.count("validation score") == 5
    assert observation.count("refused: no validations left\n1") == 2
    assert (info["validations_left"], len(info["scores"])) == (0, 5)


def test_validate_needs_a_running_step(env: ChallengeEnv) -> None:
    env.step("python train.py; (sleep 0.5; validate > late 2>&1) &")
    time.sleep(1.2)
    observation, _, terminated, _, info = env.step("wait; cat late")
    assert "no answer from the scorer, which listens while a command of a step runs" in observation
    assert (terminated, info["scores"], info["validations_left"]) == (False, [], 5)


def test_a_bad_validation_is_told_and_counted(env: ChallengeEnv) -> None:
    observation, *_, info = env.step("echo nonsense > predictions.csv; validate || echo no")
    assert "bad submission: predictions.csv: expected the header y, got nonsense" in observation
    assert observation.endswith("no")
    assert (info["validations_left"], info["scores"]) == (4, [])


def test_a_bad_submit_goes_on_and_a_good_one_ends(env: ChallengeEnv) -> None:
    observation, reward, terminated, _, info = env.step("submit")
    assert "bad submission: no file 'predictions.csv'" in observation
    assert (reward, terminated, info["returncode"], info["score"]) == (0.0, False, 1, None)
    assert info["submission"]["accepted"] is False
    assert "no file" in info["submission"]["error"]
    _, reward, terminated, _, info = env.step(f"{GOOD}; submit; touch after")
    assert (terminated, info["submission"]["accepted"], info["submission"]["error"]) == (True, True, None)
    assert reward > 0.9


def test_refused_submissions_have_an_end(env: ChallengeEnv) -> None:
    observation, *_ = env.step(f"for i in $(seq {MOST_REFUSED + 2}); do submit; done")
    assert observation.count("no file") == MOST_REFUSED
    assert observation.count("refused: ") == 2


def test_unknown_requests_are_refused(env: ChallengeEnv) -> None:
    script = "import os, socket, struct; s = socket.socket(socket.AF_UNIX); "
    script += "s.connect(chr(0) + os.environ['SYNTHGYM_CHANNEL']); "
    script += "s.sendall(struct.pack('>I', 5) + b'score'); print(s.recv(99)[4:])"
    assert "unknown request 'score'" in env.step(f'python -c "{script}"')[0]


def test_the_seed_decides_what_the_workspace_sees(make_env: Callable[..., ChallengeEnv]) -> None:
    env = make_env("line")

    def seed(**settings: Any) -> str:
        env.reset(**settings)
        return env.step("echo $SEED")[0]

    first, then = seed(seed=5), seed()
    assert first.isdigit()
    assert [seed(seed=5), seed()] == [first, then]
    assert len({first, then, seed(seed=6)}) == 3


def test_render_gives_the_last_observation(make_env: Callable[..., ChallengeEnv]) -> None:
    env = make_env("line", render_mode="ansi")
    observation, _ = env.reset(seed=0)
    assert env.render() == observation
    env.step("echo shown")
    assert env.render() == "shown"


def test_close_at_any_time(make_env: Callable[..., ChallengeEnv]) -> None:
    env = make_env("line")
    env.close()
    env.reset(seed=0)
    env.close()
    env.close()
    with pytest.raises(gymnasium.error.ResetNeeded):
        env.step("true")
    env.reset(seed=0)
    assert env.step("echo again")[0] == "again"


def test_a_close_of_another_thread_leaves_the_next_episode_alone(
    env: ChallengeEnv, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert env._box
    really, closing = env._box.close, threading.Event()

    def slowly() -> None:
        closing.set()
        time.sleep(0.5)
        really()
        time.sleep(0.5)

    monkeypatch.setattr(env._box, "close", slowly)
    with ThreadPoolExecutor(1) as threads:
        closed = threads.submit(env.close)
        assert closing.wait(5)
        monkeypatch.setattr(env._box, "close", really)
        env.reset(seed=1)
        closed.result(timeout=5)
    assert env.step("echo lives")[0] == "lives"


def test_wrong_settings_are_said_at_once(collection: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'bubblewrap'"):
        ChallengeEnv(str(collection), "line", sandbox="bubblewarp")
    with pytest.raises(UnknownNameError, match="did you mean 'submit_only'"):
        ChallengeEnv(str(collection), "line", sandbox="local", reward="submitonly")
    with pytest.raises(SpecError, match="max_steps: expected at least 1, got 0"):
        ChallengeEnv(str(collection), "line", sandbox="local", max_steps=0)
    with pytest.raises(SpecError, match="no such file"):
        ChallengeEnv(str(collection), "lines", sandbox="local")
    challenges.write_table(tmp_path, "raw", verified=False)
    with pytest.raises(SpecError, match=r"not verified yet.*synthgym verify"):
        ChallengeEnv(str(tmp_path), "raw", sandbox="local")


def test_a_challenge_that_changed_is_refused(collection: Path, tmp_path: Path) -> None:
    shutil.copytree(collection / "line", tmp_path / "line")
    with pytest.raises(SpecError, match="changed since it was registered: expected content 0123"):
        ChallengeEnv(str(tmp_path), "line", "0123", sandbox="local").reset()
    with (tmp_path / "line" / "workspace" / "train.py").open("a") as file:
        file.write("# a hint\n")
    with pytest.raises(SpecError, match="changed since it was verified"):
        ChallengeEnv(str(tmp_path), "line", sandbox="local").reset()


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("raise SystemExit('no luck')", "no luck"),
        ("while True: pass", r"exceeded its (cpu|wall) time, \d+ seconds by budget.prepare_cpu_seconds"),
        ("import os; os.symlink('/etc/passwd', os.environ['PRIVATE'] + '/labels.csv')", "no regular file"),
        ("pass", "no labels.csv"),
        (
            "import os; open(os.environ['PRIVATE'] + '/labels.csv', 'w').write('y\\n' + '1\\n' * 150)",
            "at least 200 rows",
        ),
        (
            "import os; open(os.environ['PRIVATE'] + '/labels.csv', 'w').write('y\\n' + 'x\\n' * 300)",
            "not a perfect submission",
        ),
    ],
)
def test_a_prepare_that_fails_is_a_grader_error(tmp_path: Path, script: str, said: str) -> None:
    needs("bubblewrap")
    challenge = challenges.table_spec("broken")
    challenge.budget.prepare_cpu_seconds = 2
    challenges.write(tmp_path, challenge, {"workspace/train.py": "", "grader/prepare.py": script + "\n"})
    env = ChallengeEnv(str(tmp_path), "broken", sandbox="bubblewrap")
    with pytest.raises(GraderError, match=said):
        env.reset(seed=0)
    env.close()
