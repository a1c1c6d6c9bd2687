"""Tasks in MLGym's format, played: both kinds, both protocols, every sandbox. The checkout is `mlgym_checkout`'s."""

from __future__ import annotations

import json
import multiprocessing
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import gymnasium as gym
import pytest
from env_fixtures import play_in_worker
from gymnasium.utils.env_checker import check_env
from mlgym_checkout import BETTER_GAME, registered, write_checkout, write_table

from synthgym.base.errors import FailedInPlay, GraderError, MissingDependencyError, UnknownNameError
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.infos import EpisodeInfo
from synthgym.envs.mlgym.infos import MLGymInfo
from synthgym.envs.sandboxes.docker import images
from synthgym.envs.unplayable import unplayable
from synthgym.registry.images import IMAGES, Image, why_not_installed
from synthgym.registry.mlgym.index import mlgym_index
from synthgym.registry.mlgym.table import TABLE_VARIABLE

WRITE_ALL = "python baseline.py && validate"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A checkout that is registered, and open to the users that sandboxes run as."""
    folder = tmp_path_factory.mktemp("mlgym")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(TABLE_VARIABLE, str(write_table(folder / "table.yaml")))
        with registered(write_checkout(folder / "checkout")):
            yield folder / "checkout"


@pytest.fixture
def make(checkout: Path) -> Iterator[Callable[..., ChallengeEnv]]:
    made: list[Any] = []

    def make(task: str, sandbox: str = "bubblewrap", **settings: Any) -> ChallengeEnv:
        env = gym.make(f"mlgym/{task}-v0", sandbox=sandbox, disable_env_checker=True, **settings).unwrapped
        assert isinstance(env, ChallengeEnv)
        made.append(env)
        return env

    yield make
    for env in made:
        env.close()


def test_a_task_whose_image_is_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere.sock")
    monkeypatch.setenv(TABLE_VARIABLE, str(write_table(tmp_path / "table.yaml", {"tides": "odd"})))
    monkeypatch.setitem(IMAGES, "odd", Image("", ("no-such-package",), extra="mlgym"))  # type: ignore[arg-type]
    both_ways = r"no-such-package.*pip install 'synthgym\[mlgym\]'; for containers.*synthgym images build odd"
    root = write_checkout(tmp_path / "checkout")
    here = rf"mlgym/tides: cannot be run here: .*{both_ways}"
    with registered(root), pytest.raises(MissingDependencyError, match=here):
        gym.make("mlgym/tides-v0")
    index = mlgym_index(root)
    reasons = unplayable(index)
    assert re.search(both_ways, reasons.pop("tides"))
    assert reasons == index.reasons


@pytest.mark.slow
def test_an_image_is_that_of_all_three_sandboxes(sealed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The workspace, the module and the evaluator import what only the image has."""
    if sealed == "docker" and not images.present("jax"):
        pytest.skip("the engine does not have the image 'jax'")
    if sealed == "bubblewrap" and (reason := why_not_installed("jax")):
        pytest.skip(reason)
    monkeypatch.setenv(TABLE_VARIABLE, str(write_table(tmp_path / "table.yaml", {"biasedCoin": "jax"})))
    root = write_checkout(tmp_path / "checkout")
    evaluator = root / "data/coin/evaluate.py"
    evaluator.write_text("import gymnax\n" + evaluator.read_text())
    strategy = "import jax.numpy as jnp\n\ndef guess(history):\n    return int(jnp.ones((2, 2)).max())\n"
    with registered(root), closing(gym.make("mlgym/biasedCoin-v0", sandbox=sealed, disable_env_checker=True)) as made:
        env: Any = made.unwrapped
        info = hand_in(env, strategy)
        assert info["submission"]["score"] > 0.7
        env.reset(seed=1)
        assert "CpuDevice" in env.step("python -c 'import jax; print(jax.devices())'")[0]


def hand_in(env: ChallengeEnv, strategy: str, seed: int = 0, validate: bool = True) -> dict[str, Any]:
    """Plays an episode of the game with a strategy; what `submit` gave, and what was told first."""
    env.reset(seed=seed)
    assert env._box is not None
    env._box.write("strategy.py", strategy.encode())
    told, *_, info = env.step("validate" if validate else "submit")
    validated = info["scores"]
    if validate:
        *_, info = env.step("submit")
    return info | {"validated": validated, "told": told}


def test_a_table_by_mlgyms_protocol(make: Callable[..., ChallengeEnv], sealed: str) -> None:
    env = make("tides", sealed, protocol="mlgym")
    briefing, info = env.reset(seed=0)
    assert "Heights in metres" in briefing
    assert "Submission: submission.csv." in briefing
    assert set(info) == {*EpisodeInfo.__annotations__, *MLGymInfo.__annotations__}
    assert (info["protocol"], info["steps_left"], info["validations_left"]) == ("mlgym", 50, 50)
    observation, _, _, _, info = env.step(WRITE_ALL)
    assert "baseline done" in observation
    told = json.loads(observation.splitlines()[1].removeprefix("Score: "))
    assert told == info["metrics"]
    assert info["scores"] == [told["mae"]]
    assert 0.5 < told["mae"] < 0.8
    *_, info = env.step("submit")
    assert info["submission"]["score"] == told["mae"], "what is told and what counts is the same"
    assert info["exit_status"] == "submitted"


def test_a_table_sealed(make: Callable[..., ChallengeEnv], sealed: str) -> None:
    env = make("tides", sealed)
    env.reset(seed=0)
    *_, info = env.step(WRITE_ALL)
    assert info["metrics"] == {}, "more digits than an agent may know"
    assert (info["validations_left"], info["protocol"]) == (19, "sealed")
    (validated,) = info["scores"]
    *_, info = env.step("submit")
    assert info["submission"]["accepted"]
    assert info["score"] != validated, "two halves of the hidden rows"
    assert set(info["metrics"]) == {"mae", "worst"}


def test_rows_are_found_by_their_names(make: Callable[..., ChallengeEnv]) -> None:
    env = make("tides")
    scores = []
    for shuffle in ("", " && (head -1 submission.csv; tail -n +2 submission.csv | shuf) > s && mv s submission.csv"):
        env.reset(seed=0)
        env.step(f"python baseline.py{shuffle}")
        scores.append(env.step("submit")[4]["score"])
    assert scores[0] == pytest.approx(scores[1])


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("true", "no file 'submission.csv'"),
        ("head -100 submission.csv > s; mv s submission.csv", "expected 300 rows, got 99"),
        ("sed -i 's/tide/tied/' submission.csv", "KeyError"),
        ("sed -i '5s/,.*/,high/' submission.csv", "could not convert"),
        ("sed -i '5s/,.*/,No module named x/' submission.csv", "could not convert"),
        ("sed -i '5s/,.*/,nan/' submission.csv", "no score is defined"),
        ("sed -i '5s/^[0-9]*/x/' submission.csv", "expected one row for each day"),
        ("printf '\\xff\\xfe' > submission.csv", "expected a CSV file"),
        ("rm submission.csv; ln -s data/test.csv submission.csv", "symbolic link"),
    ],
)
def test_a_bad_table_is_told(make: Callable[..., ChallengeEnv], command: str, words: str) -> None:
    halved = words.startswith("expected")  # what has to be known to take a half of it
    env = make("tides", protocol="sealed" if halved else "mlgym")
    env.reset(seed=0)
    env.step("true" if command == "true" else f"python baseline.py; {command}")
    observation, reward, terminated, _, info = env.step("submit")
    assert words in observation
    assert (reward, terminated, info["submission"]["accepted"]) == (0.0, False, False)


def test_a_game_on_every_sandbox(
    make: Callable[..., ChallengeEnv], backend: str, sandbox_name: Callable[[str], str]
) -> None:
    """Wherever the agent's is: what scores it is on this machine, and the score is the same."""
    info = hand_in(make("biasedCoin", sandbox_name(backend), protocol="mlgym"), BETTER_GAME)
    assert info["score"] == pytest.approx(0.8, abs=0.05)
    assert info["improvement"] == pytest.approx(1.0, abs=0.2)
    assert info["score"] == hand_in(make("biasedCoin", protocol="mlgym"), BETTER_GAME)["score"]


def test_equal_submissions_get_equal_scores_and_phases_differ(make: Callable[..., ChallengeEnv]) -> None:
    env = make("biasedCoin")
    lots = "import random\ndef guess(history):\n    return random.randint(0, 1)\n"
    first, second = hand_in(env, lots), hand_in(env, lots, seed=1)
    assert first["score"] == second["score"]
    assert first["score"] == pytest.approx(0.5, abs=0.05)
    assert round(first["score"], 2) != first["score"], "not rounded"
    assert first["validated"] == [round(first["validated"][0], 2)]


def test_the_module_may_use_what_the_starter_has(make: Callable[..., ChallengeEnv]) -> None:
    info = hand_in(make("biasedCoin"), "from target import call\ndef guess(history):\n    return call(history)\n")
    assert info["score"] == pytest.approx(0.68, abs=0.05)


@pytest.mark.sample(2)
@pytest.mark.parametrize(
    ("strategy", "words"),
    [
        ("def guess(history):\n    return 1 / 0\n", "ZeroDivisionError: division by zero (line 2 of strategy.py)"),
        ("def guess(history):\n    return 7\n", "guess: expected one of [0, 1], got 7"),
        ("def guess(history):\n    return 'ModuleNotFoundError: No module named x'\n", "got 'ModuleNotFoundError"),
        ("def guess(history):\n    return 'no line to the other sandbox'\n", "got 'no line"),
        ("def other(history):\n    return 0\n", "expected a function 'guess'"),
        ("def guess(history)\n", "SyntaxError"),
        ("raise SystemExit(0)\n", "SystemExit"),
        ("import os\nos._exit(0)\n", "has ended"),
        ("import time\ndef guess(history):\n    time.sleep(60)\n", "no answer in time"),
        ("def guess(history):\n    return object()\n", "got object"),
        ("class I(int):\n    pass\ndef guess(history):\n    return I(1)\n", "got I"),
        ("def guess(history):\n    return {0: (1, 2)}\n", "got {0: (1, 2)}"),
        ("def guess(history):\n    x = []\n    x.append(x)\n    return x\n", "RecursionError"),
        ("def guess(history):\n    return 'x' * 100_000_000\n", "message of"),
    ],
)
def test_a_bad_module_is_told(make: Callable[..., ChallengeEnv], strategy: str, words: str) -> None:
    validate = "sleep" not in strategy  # which takes its time
    info = hand_in(make("biasedCoin"), strategy, validate=validate)
    assert words in info["told"] or not validate
    assert not info["submission"]["accepted"]
    assert info["submission"]["error"] == FailedInPlay("", "failed").of_hidden
    if not validate:  # by MLGym's protocol what is told is what counts, and so is why it failed
        info = hand_in(make("biasedCoin", protocol="mlgym"), strategy, validate=False)
        assert words in info["told"]
        assert words in info["submission"]["error"]


def test_numbers_of_numpys_come_over(make: Callable[..., ChallengeEnv]) -> None:
    info = hand_in(
        make("biasedCoin"), "import numpy as np\ndef guess(history):\n    return np.int8(len(history) >= 0)\n"
    )
    assert info["score"] == pytest.approx(0.8, abs=0.05)


def test_times_of_mlgyms_protocol(make: Callable[..., ChallengeEnv], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("synthgym.envs.mlgym.rules.SHORT_SECONDS", 0.5)
    env = make("biasedCoin", protocol="mlgym")
    env.reset(seed=0)
    observation, *_, info = env.step("sleep 5")
    assert "used more than its seconds" in observation
    assert info["elapsed"] < 3
    observation, *_ = env.step("sleep 1; : python")
    assert "used more" not in observation


@pytest.mark.parametrize("protocol", ["mlgym", "sealed"])
def test_cut_off(make: Callable[..., ChallengeEnv], protocol: str) -> None:
    """MLGym grades what lies there; sealed, the last submission that was validated."""
    env = make("biasedCoin", protocol=protocol, max_steps=3)
    env.reset(seed=0)
    assert env._box is not None
    env._box.write("strategy.py", BETTER_GAME.encode())
    env.step("validate")
    env.step("echo 'def guess(history): return 0' > strategy.py")
    *_, truncated, info = env.step("true")
    assert truncated
    assert info["score"] == pytest.approx(0.2 if protocol == "mlgym" else 0.8, abs=0.05)


def test_the_two_protocols_do_not_compare(make: Callable[..., ChallengeEnv]) -> None:
    hashes = {make("biasedCoin", protocol=name).reset(seed=0)[1]["challenge_hash"] for name in ("mlgym", "sealed")}
    assert len(hashes) == 2


def test_what_cannot_run_says_so_when_it_is_made(checkout: Path) -> None:
    with pytest.raises(
        MissingDependencyError, match="mlgym/onHub: cannot be run here: its data set somebody/something"
    ):
        gym.make("mlgym/onHub-v0")
    with pytest.raises(UnknownNameError, match="protocol 'seald'; did you mean 'sealed'"):
        gym.make("mlgym/biasedCoin-v0", protocol="seald")


def test_its_file_names_it_too(make: Callable[..., ChallengeEnv]) -> None:
    assert make("coin").challenge.id == "biasedCoin"


def test_an_evaluator_that_lacks_a_package_is_nobodys_submission(
    make: Callable[..., ChallengeEnv], checkout: Path
) -> None:
    file = checkout / "data/coin/evaluate.py"
    before = file.read_text()
    file.write_text(f"import a_package_that_is_nowhere\n{before}")
    try:
        env = make("biasedCoin")
        env.reset(seed=0)
        with pytest.raises(GraderError, match="a_package_that_is_nowhere"):
            env.step("submit")
    finally:
        file.write_text(before)


def test_gymnasiums_own_check(checkout: Path) -> None:
    env = gym.make("mlgym/biasedCoin-v0", sandbox="bubblewrap")
    check_env(env.unwrapped, skip_render_check=True)
    env.close()


def test_many_at_once(checkout: Path) -> None:
    envs = gym.make_vec("mlgym/biasedCoin-v0", num_envs=2, sandbox="bubblewrap", protocol="mlgym")
    try:
        _, infos = envs.reset(seed=0)
        assert list(infos["protocol"]) == ["mlgym", "mlgym"]
        _, rewards, terminated, *_ = envs.step(["submit", "true"])
        assert list(terminated) == [True, False]
        assert rewards.shape == (2,)
    finally:
        envs.close()


def test_in_another_process(checkout: Path) -> None:
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    spec = gym.make("mlgym/biasedCoin-v0", sandbox="bubblewrap").spec
    worker = context.Process(target=play_in_worker, args=(spec, results))
    worker.start()
    observation, printed = results.get(timeout=60)
    worker.join()
    assert "Guess the coin" in observation
    assert printed == "from the worker"


def test_a_table_of_ones_own(tmp_path: Path) -> None:
    table = tmp_path / "mine.yaml"
    table.write_text("biasedCoin: {metric: Score, direction: higher, noise: 0.1}\n")
    with registered(write_checkout(tmp_path / "checkout"), table):
        env = gym.make("mlgym/biasedCoin-v0", sandbox="bubblewrap").unwrapped
        assert isinstance(env, ChallengeEnv)
        assert env.challenge.noise == 0.1
        with pytest.raises(MissingDependencyError, match="not known which of its metrics counts"):
            gym.make("mlgym/tides-v0")
