"""Many environments at once, in our vector and in Gymnasium's: infos keep one shape, failures stay where they are."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import challenges
import gymnasium as gym
import numpy as np
import pytest
from env_fixtures import needs
from gymnasium.vector import AsyncVectorEnv, AutoresetMode, SyncVectorEnv, VectorEnv
from gymnasium.wrappers import RecordEpisodeStatistics, TimeLimit

import synthgym
from synthgym.base.errors import GraderError, SandboxError, UserError
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.reward import ScoreEvent
from synthgym.envs.sandboxes import open_sandbox
from synthgym.envs.vector.vector import ThreadVectorEnv

GOOD = "sed -i 's/KEEP = 1/KEEP = 3/' train.py; python train.py"
LINE, COINS = "vectors-tests/line-v0", "vectors-tests/coins-v0"

SCRIPTS = (
    ["python train.py; submit", "true", "python train.py; validate", "submit; echo no", "true", "true"],
    ["submit || true", "#" * 1_000_001, "python train.py && validate", "python train.py; submit", "true", "true"],
    ["exit 3", "sleep 0.1", "echo nonsense > predictions.csv; validate", "true", "true", "submit"],
)
"""Three episodes that end, are refused, cannot be scored, at different steps; the second command of one is too long."""


@pytest.fixture(scope="module", autouse=True)
def registered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Both challenges; gives their collection."""
    needs("bubblewrap")
    folder = tmp_path_factory.mktemp("vectors")
    (folder / "collection.yaml").write_text("namespace: vectors-tests\ntitle: Tests\n")
    challenges.write_table(folder)
    challenges.write_game(folder)
    names = synthgym.register(folder)
    yield folder
    for name in names:
        del gym.registry[name]


@pytest.fixture
def vector() -> Iterator[Callable[..., ThreadVectorEnv]]:
    """Makes vectors of ours, and ends them."""
    made: list[ThreadVectorEnv] = []

    def make(*arguments: Any, **settings: Any) -> ThreadVectorEnv:
        made.append(synthgym.vector(*arguments, sandbox="bubblewrap", **settings))
        return made[-1]

    yield make
    for envs in made:
        envs.close()


def make_line() -> gym.Env[Any, Any]:
    return gym.make(LINE, sandbox="bubblewrap", max_steps=4)


def of_ours(mode: AutoresetMode) -> VectorEnv[Any, Any, Any]:
    return synthgym.vector([LINE] * 3, sandbox="bubblewrap", max_steps=4)


def of_gymnasium(kind: Any, **settings: Any) -> Callable[[AutoresetMode], VectorEnv[Any, Any, Any]]:
    return lambda mode: kind([make_line] * 3, autoreset_mode=mode, **settings)


def shape(infos: dict[str, Any]) -> dict[str, Any]:
    """Keys and kinds of values, as deep as they go."""
    return {
        key: shape(value) if isinstance(value, dict) else str(np.asarray(value).dtype) for key, value in infos.items()
    }


VECTORS = {
    "ours": (of_ours, AutoresetMode.DISABLED),
    **{f"sync-{mode.value}": (of_gymnasium(SyncVectorEnv), mode) for mode in AutoresetMode},
    **{f"async-{mode.value}": (of_gymnasium(AsyncVectorEnv, shared_memory=False), mode) for mode in AutoresetMode},
}


@pytest.mark.sample(2)
@pytest.mark.parametrize("which", VECTORS)
def test_infos_keep_one_shape(which: str) -> None:
    make, mode = VECTORS[which]
    envs = make(mode)
    _, infos = envs.reset(seed=0)
    expected = shape(infos)
    assert expected["submission"]["accepted"] == "bool"
    assert expected["score"] == expected["returncode"] == "object"
    ends = 0
    for actions in zip(*SCRIPTS, strict=True):
        *_, terminated, truncated, infos = envs.step(actions)
        over = terminated | truncated
        ends += int(over.sum())
        final = infos.pop("final_info", None)
        infos = {key: value for key, value in infos.items() if key not in ("_final_info", "final_obs", "_final_obs")}
        assert shape(infos) == expected
        if final is not None:
            assert shape(final) == {key: kind for key, kind in expected.items() if "infrastructure" not in key}
        if mode is AutoresetMode.DISABLED and over.any():
            assert shape(envs.reset(options={"reset_mask": over})[1]) == expected
    envs.close()
    assert ends >= 4


@pytest.mark.parametrize("which", ["ours", "sync-Disabled", "async-Disabled"])
def test_infos_say_the_same_in_every_vector(which: str) -> None:
    """What is of one environment stands at its place, whoever came before it: no number is cut, no None becomes one."""
    make, mode = VECTORS[which]
    envs = make(mode)
    envs.reset(seed=0)
    *_, infos = envs.step([f"{GOOD}; submit", "true", "exit 3"])
    score, *others = infos["score"].tolist()
    assert (0.05 < score < 0.2, others) == (True, [None, None])
    assert infos["submission"]["score"].tolist() == [score, None, None]
    assert infos["submission"]["accepted"].tolist() == [True, False, False]
    assert infos["exit_status"].tolist() == ["submitted", None, None]
    assert infos["returncode"].tolist() == [0, 0, 3]
    envs.close()


def test_groups_of_several_challenges(vector: Callable[..., ThreadVectorEnv]) -> None:
    envs = vector([LINE, COINS], copies=2, max_steps=3)
    assert [env.unwrapped.name for env in envs.envs] == [LINE, LINE, COINS, COINS]  # type: ignore[attr-defined]
    observations, infos = envs.reset(seed=[5, 5, 6, 6])
    assert ["A line" in text for text in observations] == [True, True, False, False]
    assert observations in envs.observation_space
    assert len(set(infos["challenge_hash"])) == 2
    assert infos["metric"].tolist() == ["rmse", "rmse", "share_right", "share_right"]
    seeds = envs.step(["echo $SEED"] * 4)[0]
    assert (seeds[0] == seeds[1], seeds[2] == seeds[3], seeds[0] == seeds[2]) == (True, True, False)
    heads = "printf 'def choose(mine, theirs):\\n    return \"heads\"\\n' > strategy.py; submit"
    _, rewards, terminated, _, infos = envs.step([f"{GOOD}; submit", "true", heads, "true"])
    assert terminated.tolist() == [True, False, True, False]
    assert rewards[0] > 0.9
    assert rewards[2] > 0.7
    assert rewards[[1, 3]].tolist() == [0.0, 0.0]


def test_one_environment_by_its_id_or_spec(vector: Callable[..., ThreadVectorEnv]) -> None:
    assert vector(LINE).num_envs == 1
    assert vector(gym.spec(LINE), copies=3).num_envs == 3
    with pytest.raises(UserError, match="copies: expected at least 1, got 0"):
        vector(LINE, copies=0)
    with pytest.raises(UserError, match=r"copies: expected a whole number, got 1.5 \(float\)"):
        vector(LINE, copies=1.5)
    with pytest.raises(UserError, match=r"wrappers\[1\]: expected an environment, got NoneType"):
        vector(LINE, wrappers=[RecordEpisodeStatistics, lambda env: None])
    with pytest.raises(UserError, match="at least one environment"):
        vector([])
    with pytest.raises(gym.error.Error, match="vectors-tests"):
        vector([LINE, "vectors-tests/lines-v0"])
    with pytest.raises(UserError, match="environment 1: expected the first one's spaces"):
        ThreadVectorEnv([make_line, lambda: gym.make("CartPole-v1")])


def test_wrappers_go_around_each(vector: Callable[..., ThreadVectorEnv]) -> None:
    envs = vector([LINE] * 2, wrappers=[lambda env: TimeLimit(env, 2), RecordEpisodeStatistics])
    assert all(isinstance(env, RecordEpisodeStatistics) for env in envs.envs)
    _, infos = envs.reset(seed=0)
    assert infos["steps_left"].tolist() == [2, 2]
    envs.step([f"{GOOD}; validate", "true"])
    _, _, _, truncated, infos = envs.step(["true", "true"])
    assert truncated.tolist() == [True, True]
    assert infos["episode"]["r"][0] == pytest.approx(infos["improvement"][0])
    assert infos["episode"]["l"].tolist() == [2, 2]


def kill_sandbox(env: gym.Env[Any, Any]) -> None:
    """Kills the processes of an environment's sandbox, and waits until they are gone."""
    inner = env.unwrapped
    assert isinstance(inner, ChallengeEnv)
    process = inner._box._link.connection.process  # type: ignore[union-attr]
    for pid in [*below(process.pid), process.pid]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait(20)


def below(pid: int) -> list[int]:
    """The processes below one, the innermost first."""
    children = [
        int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]
    return [each for child in children for each in below(child)] + children


@pytest.mark.parametrize("made", ["vector", "make_vec"])
def test_a_sandbox_that_dies_costs_the_others_nothing(made: str, vector: Callable[..., ThreadVectorEnv]) -> None:
    settings: dict[str, Any] = {"max_steps": 5, "sandbox": "bubblewrap"}
    envs = vector([LINE] * 3, max_steps=5) if made == "vector" else gym.make_vec(LINE, num_envs=3, **settings)
    assert isinstance(envs, ThreadVectorEnv)
    _, infos = envs.reset(seed=0)
    assert infos["_infrastructure_error"].tolist() == [False] * 3
    envs.step(["x=0", "x=1", "x=2"])
    kill_sandbox(envs.envs[1])
    observations, rewards, terminated, truncated, infos = envs.step(["echo $x", "echo $x", f"{GOOD}; submit"])
    assert (observations[0], observations[2]) == ("0", "wrote predictions.csv\nsubmitted; the episode is over")
    assert (terminated.tolist(), truncated.tolist()) == ([False, False, True], [False, True, False])
    assert rewards[0] == 0
    assert np.isnan(rewards[1])
    assert rewards[2] > 0.9
    assert infos["_infrastructure_error"].tolist() == [False, True, False]
    assert "SandboxError" in infos["infrastructure_error"][1]
    assert infos["infrastructure_error"][[0, 2]].tolist() == [None, None]
    assert infos["score"][1] is None
    _, rewards, _, truncated, infos = envs.step(["x=3", "echo ignored", "echo ignored"])
    assert (truncated.tolist(), infos["_infrastructure_error"].tolist()) == ([False, True, False], [False, True, False])
    assert not rewards.any()
    observations, infos = envs.reset(options={"reset_mask": truncated})
    assert "A line" in observations[1]
    assert not infos["_infrastructure_error"].any()
    observations, rewards, _, truncated, infos = envs.step(["echo $x", f"{GOOD}; validate", "echo ignored"])
    assert observations[0] == "3"
    assert rewards[1] > 0.9
    assert infos["step"].tolist() == [4, 1, 2]
    assert not infos["_infrastructure_error"].any()
    envs.close()


def test_a_sandbox_that_does_not_start_at_first_costs_nothing_later(
    vector: Callable[..., ThreadVectorEnv], monkeypatch: pytest.MonkeyPatch
) -> None:
    starts: list[str] = []

    def once_not(*arguments: Any) -> Any:
        starts.append("")
        if len(starts) == 1:
            raise SandboxError("did not start")
        return open_sandbox(*arguments)

    monkeypatch.setattr("synthgym.envs.env.open_sandbox", once_not)
    envs = vector([LINE] * 2)
    failed = envs.reset(seed=0)[1]["_infrastructure_error"]
    assert failed.sum() == 1
    assert not envs.reset(options={"reset_mask": failed})[1]["_infrastructure_error"].any()
    for word in ("one", "two"):
        assert envs.step([f"echo {word}"] * 2)[0] == (word, word)


def test_a_grader_that_fails_at_a_reset_costs_the_others_nothing(tmp_path: Path) -> None:
    challenge = challenges.table_spec("broken")
    challenges.write(
        tmp_path, challenge, {"workspace/train.py": "", "grader/prepare.py": "raise SystemExit('no luck')\n"}
    )

    def broken() -> gym.Env[Any, Any]:
        return ChallengeEnv(tmp_path, "broken", sandbox="bubblewrap")

    envs = ThreadVectorEnv([lambda: make_line().unwrapped, broken])
    observations, infos = envs.reset(seed=0)
    assert ("A line" in observations[0], observations[1]) == (True, "")
    assert (infos["_step"].tolist(), infos["_infrastructure_error"].tolist()) == ([True, False], [False, True])
    assert "GraderError: broken: prepare.py failed" in infos["infrastructure_error"][1]
    observations, rewards, _, truncated, infos = envs.step(["echo alive", "echo dead"])
    assert (observations[0], rewards.tolist(), truncated.tolist()) == ("alive", [0.0, 0.0], [False, True])
    assert "no luck" in infos["infrastructure_error"][1]
    with pytest.raises(GraderError, match="no luck"):
        envs.reset(options={"reset_mask": np.array([False, True])})
    assert envs.step(["echo alive", "echo dead"])[0][0] == "alive"
    envs.close()


def test_a_vector_finishes_episodes(vector: Callable[..., ThreadVectorEnv]) -> None:
    envs = vector([LINE] * 4, max_steps=9)
    envs.reset(seed=0)
    _, paid, *_ = envs.step([f"{GOOD}; validate", GOOD, f"{GOOD}; submit", "true"])
    kill_sandbox(envs.envs[3])
    rewards, infos = envs.finish(np.array([False, True, True, True]))
    assert rewards[1] > 0.9
    assert rewards[[0, 2]].tolist() == [0, 0]
    assert np.isnan(rewards[3])
    assert infos["exit_status"].tolist() == [None, "finished", "submitted", None]
    assert infos["_infrastructure_error"].tolist() == [False, False, False, True]
    envs.envs[0].unwrapped.finish()  # type: ignore[attr-defined]
    _, rewards, _, truncated, infos = envs.step(["true"] * 4)
    assert (rewards.tolist(), truncated.tolist()) == ([0.0] * 4, [True, True, False, True])
    assert infos["exit_status"].tolist() == ["finished", "finished", "submitted", None]
    assert paid[0] + envs.envs[0].unwrapped.finish()[0] == pytest.approx(infos["improvement"][0])  # type: ignore[attr-defined]
    assert envs.finish()[0].tolist() == [0.0] * 4


@pytest.mark.parametrize("by", ["step", "finish"])
def test_how_an_episode_that_was_ended_by_itself_ended(vector: Callable[..., ThreadVectorEnv], by: str) -> None:
    envs = vector([LINE] * 3, max_steps=9)
    envs.reset(seed=0)
    envs.envs[0].step("python train.py; submit")
    envs.envs[1].unwrapped.finish()  # type: ignore[attr-defined]
    if by == "finish":
        envs.finish()
    _, rewards, terminated, truncated, infos = envs.step(["true"] * 3)
    assert terminated.tolist() == [True, False, False]
    assert truncated.tolist() == [False, True, by == "finish"]
    assert infos["exit_status"].tolist() == ["submitted", "finished", "finished" if by == "finish" else None]
    assert not rewards.any()


def test_what_was_earned_in_a_step_that_is_interrupted_is_paid(vector: Callable[..., ThreadVectorEnv]) -> None:
    envs = vector([LINE] * 3, max_steps=9)
    envs.reset(seed=0)
    timer = threading.Timer(1, os.kill, [os.getpid(), signal.SIGINT])
    timer.start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        envs.step([f"{GOOD}; submit", f"x=1; {GOOD}; validate; sleep 30", "while :; do :; done"])
    assert time.monotonic() - began < 10
    observations, rewards, terminated, truncated, infos = envs.step(["true", "echo $x", "true"])
    assert (observations[0], observations[1]) == ("wrote predictions.csv\nsubmitted; the episode is over", "1")
    assert rewards[0] == pytest.approx(infos["improvement"][0])
    assert rewards[1] > 0.9
    assert rewards[2] == 0
    assert (terminated.tolist(), truncated.any()) == ([True, False, False], False)
    assert infos["step"].tolist() == [1, 2, 2]
    paid = rewards + envs.finish()[0]
    assert paid.tolist() == pytest.approx(envs.finish()[1]["improvement"].tolist())


WAITS = """
import os, signal, sys, threading, synthgym
synthgym.register(sys.argv[1])
envs = synthgym.vector("vectors-tests/line-v0", copies=2, sandbox="bubblewrap")
envs.reset(seed=0)
threading.Timer(1, os.kill, [os.getpid(), signal.SIGINT]).start()
envs.step(["sleep 15", "while :; do :; done"])
"""


def test_a_script_that_is_interrupted_ends(registered: Path) -> None:
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", WAITS, registered], capture_output=True, text=True, cwd="/")
    assert "KeyboardInterrupt" in done.stderr
    assert time.monotonic() - began < 12


@pytest.mark.parametrize("end", ["finish", "reset"])
def test_what_another_thread_steps_is_ended(vector: Callable[..., ThreadVectorEnv], end: str) -> None:
    envs = vector([LINE] * 2, max_steps=9)
    envs.reset(seed=0)
    with ThreadPoolExecutor(1) as threads:
        step = threads.submit(envs.step, [f"{GOOD}; validate; sleep 30", f"{GOOD}; submit"])
        time.sleep(1)
        paid, infos = envs.finish() if end == "finish" else (0, envs.reset(seed=0)[1])
        _, rewards, terminated, *_ = step.result(timeout=5)
    assert terminated.tolist() == [False, True]
    if end == "finish":
        assert (rewards + paid).tolist() == pytest.approx(infos["improvement"].tolist())
    assert infos["exit_status"].tolist() == (["finished", "submitted"] if end == "finish" else [None, None])


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("meanwhile", [False, True])
def test_a_forked_process_starts_sandboxes_of_its_own(vector: Callable[..., ThreadVectorEnv], meanwhile: bool) -> None:
    """Also where another thread is in the middle of a step."""
    envs = vector([LINE] * 2, max_steps=9)
    envs.reset(seed=0)
    envs.step(["x=parent"] * 2)
    with ThreadPoolExecutor(1) as threads:
        step = threads.submit(envs.step, ["sleep 1; echo $x"] * 2)
        if meanwhile:
            time.sleep(0.3)
        else:
            step.result()
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            with contextlib.suppress(BaseException):
                os.write(write, _used_in_a_child(envs).encode())
            os._exit(0)
        os.close(write)
        ready = select.select([read], [], [], 30)[0]
        if not ready:
            os.kill(child, signal.SIGKILL)
        said = os.read(read, 10_000).decode()
        os.waitpid(child, 0)
        os.close(read)
        assert step.result()[0] == ("parent", "parent")
    assert said == "[True, True] ('gone', 'gone')"
    assert envs.step(["echo $x"] * 2)[0] == ("parent", "parent")


def _used_in_a_child(envs: ThreadVectorEnv) -> str:
    failed = envs.step(["true"] * 2)[4]["_infrastructure_error"]
    envs.reset(seed=1)
    seen = envs.step(["echo ${x-gone}"] * 2)[0]
    envs.close()
    return f"{failed.tolist()} {seen}"


def test_what_is_wrong_is_said_before_anything_is_stepped(vector: Callable[..., ThreadVectorEnv]) -> None:
    envs = vector([LINE] * 2)
    envs.reset(seed=np.int64(3))
    with pytest.raises(TypeError, match=r"actions\[1\]: expected text for the shell \(str\), got int"):
        envs.step(["true", 3])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="reset_mask: expected booleans, got int"):
        envs.reset(options={"reset_mask": [0, 1]})
    with pytest.raises(UserError, match="unknown options 'mask'"):
        envs.reset(options={"mask": [True, False]})
    assert envs.step(["true", "true"])[4]["step"].tolist() == [1, 1]


def test_a_sandbox_that_dies_in_a_single_environment_is_raised() -> None:
    env = make_line()
    env.reset(seed=0)
    kill_sandbox(env)
    with pytest.raises(SandboxError):
        env.step("true")
    assert "A line" in env.reset(seed=0)[0]
    kill_sandbox(env)
    with pytest.raises(SandboxError):
        env.unwrapped.finish()  # type: ignore[attr-defined]
    for again in (env.unwrapped.finish, lambda: env.unwrapped.step("true")):  # type: ignore[attr-defined]
        with pytest.raises(gym.error.ResetNeeded, match=r"ended by an error \(SandboxError: .*; call reset\(\) first"):
            again()
    assert "A line" in env.reset(seed=0)[0]
    env.close()
    with pytest.raises(gym.error.ResetNeeded, match="the environment was closed"):
        env.unwrapped.finish()  # type: ignore[attr-defined]


def test_a_reward_function_that_raises_costs_the_others_nothing(vector: Callable[..., ThreadVectorEnv]) -> None:
    def paid(event: ScoreEvent) -> float:
        if event.improvement < 0.5:
            raise ZeroDivisionError("of the caller's")
        return event.improvement

    envs = vector([LINE] * 3, max_steps=5, reward=paid)
    with pytest.raises(gym.error.ResetNeeded, match="environment 0: no episode was started"):
        envs.step(["true"] * 3)
    envs.reset(seed=0)
    with pytest.raises(ZeroDivisionError) as caught:
        envs.step([f"{GOOD}; validate", "python train.py; validate", f"x=2; {GOOD}; submit"])
    assert caught.value.__notes__ == ["(environment 1 of the vector)"]
    observations, rewards, terminated, truncated, infos = envs.step(["true", "echo ignored", "echo ignored"])
    assert rewards[[0, 2]].min() > 0.9
    assert np.isnan(rewards[1])
    assert observations[2].endswith("submitted; the episode is over")
    assert (terminated.tolist(), truncated.tolist()) == ([False, False, True], [False, True, False])
    assert infos["step"].tolist()[::2] == [2, 1]
    assert not infos["_infrastructure_error"].any()
    assert envs.step(["true"] * 3)[1].tolist() == [0.0] * 3
    envs.reset(options={"reset_mask": truncated})
    assert envs.step(["true", "echo again", "true"])[0][1] == "again"


def test_a_closed_vector_says_so(vector: Callable[..., ThreadVectorEnv]) -> None:
    envs = vector(LINE)
    envs.reset(seed=0)
    envs.close()
    for use in (envs.reset, envs.finish, lambda: envs.step(["true"])):
        with pytest.raises(gym.error.ClosedEnvironmentError, match="the vector was closed"):
            use()
