"""Tasks in MLGym's format in which a network is handed in: `mlgym_network`'s, played on jax."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gymnasium as gym
import pytest
from env_fixtures import needs_image
from mlgym_checkout import registered
from mlgym_network import BETTER, GOOD, HONEST, STARTER, write_network_table, write_network_task

from synthgym.base.errors import MissingDependencyError
from synthgym.envs.env import ChallengeEnv

TRAIN = "python src/train.py"


@pytest.fixture
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("networks")
    root = write_network_task(folder / "checkout")
    with registered(root, write_network_table(folder / "table.yaml")):
        yield root


@pytest.fixture
def make(checkout: Path) -> Iterator[Callable[..., ChallengeEnv]]:
    made: list[ChallengeEnv] = []

    def make(sandbox: str = "bubblewrap", **settings: Any) -> ChallengeEnv:
        needs_image(sandbox, "jax")
        env = gym.make("mlgym/pushed-v0", sandbox=sandbox, disable_env_checker=True, **settings).unwrapped
        assert isinstance(env, ChallengeEnv)
        made.append(env)
        env.reset(seed=0)
        return env

    yield make
    for env in made:
        env.close()


@pytest.mark.parametrize("protocol", ["mlgym", "sealed"])
def test_a_network_is_trained_handed_in_and_bettered(
    make: Callable[..., ChallengeEnv], sealed: str, protocol: str
) -> None:
    env = make(sealed, protocol=protocol)
    assert "every file called *.py, *.yaml or checkpoints/*" in env.reset(seed=0)[0]
    *_, info = env.step(f"{TRAIN} && validate")
    assert len(info["scores"]) == 1
    assert info["scores"][0] < STARTER
    *_, info = env.step(f"{BETTER}\nvalidate")
    assert GOOD < info["scores"][1] < HONEST
    *_, info = env.step("submit")
    assert GOOD < info["score"] < HONEST
    assert set(info["metrics"]) == {"Return", "Spread"}
    if protocol == "mlgym":
        assert info["score"] == info["scores"][1]


def test_other_starts_count_than_those_that_are_told(make: Callable[..., ChallengeEnv]) -> None:
    env = make()
    grader = env._grader
    assert grader is not None
    env.step(f"{TRAIN}; {BETTER}")
    assert env._session is not None
    handed_in = env._session._read()
    told, counts = (grader.grade(handed_in, phase).value for phase in ("validate", "final"))
    assert told != counts
    assert told == grader.grade(handed_in, "validate").value


WRONG = {
    "rm -r checkpoints": "Expected 2 checkpoints, found 0",
    "rm src/config.yaml": r"expected a configuration, a file called \*.yaml",
    "echo 'train_config: !!python/object/apply:os._exit [0]' > src/config.yaml": "config.yaml: expected plain YAML",
    "printf '[%.0s' {1..20000} > src/config.yaml": "config.yaml: expected plain YAML",
    "head -c 60000 /dev/zero > src/config.yaml": "larger than the 50000 bytes",
    "rm checkpoints/config-42-1.pkl": "Expected 2 checkpoints, found 1",
    "echo nonsense > checkpoints/config-42-0.pkl": "the network: .*Unpickling",
    "echo 'def get_model_ready(' > src/networks.py": "the network: .*SyntaxError",
    "echo 'x = 1' > src/networks.py": "the network: .*get_model_ready",
    "sed -i s/slope/slip/ src/networks.py": "the network: KeyError: 'slip'",
    "sed -i 's/self.mean +/self.mean[:3] +/' src/networks.py": "the network: TypeError: .*incompatible shapes",
    "sed -i 's/seed, self.mean.shape)/seed, self.mean.shape).astype(complex)/' src/networks.py": "type float32",
    "sed -i 's/self.mean + .*/jax.numpy.nan * self.mean/' src/networks.py": "expected finite numbers",
    "sed -i 's/self.mean + .*/self.mean.astype(int) + 50000/' src/networks.py": "choices from 0 to 9999",
    "sed -i 's/self.mean + .*/self.mean.astype(jax.numpy.int8)/' src/networks.py": "type float32 .*got 'int8'",
    "echo 'import os; os._exit(0)' >> src/networks.py": "a call was not answered: it has ended",
    "head -c 60000000 /dev/zero > checkpoints/large": "more than the 50000000 bytes allowed",
    "sed -i 's/self.mean + .*/self.mean[:3]/' src/networks.py": "gave no score",
    "mkfifo checkpoints/pipe; rm checkpoints/*.pkl": "Expected 2 checkpoints, found 0",
}


@pytest.mark.slow
def test_what_cannot_be_scored_is_said(make: Callable[..., ChallengeEnv]) -> None:
    env = make(protocol="mlgym")
    for command, expected in WRONG.items():
        env.reset(seed=0)
        observation, *_, info = env.step(f"{TRAIN}; {command}; validate")
        assert info["scores"] == [], command
        with pytest.raises(AssertionError, match=f"(?s)bad submission: .*{expected}"):
            raise AssertionError(observation)


def test_of_several_configurations_the_one_with_checkpoints_counts(make: Callable[..., ChallengeEnv]) -> None:
    env = make(protocol="mlgym")
    env.step(f"{TRAIN}; {BETTER}\nmv src/config.yaml src/best.yaml; echo 'train_config: [' > a.yaml")
    env.step("for i in 0 1; do mv checkpoints/config-42-$i.pkl checkpoints/best-$i.pkl; done")
    *_, info = env.step("validate")
    assert info["scores"]
    assert info["scores"][0] > GOOD


def test_an_evaluator_that_runs_the_networks_itself_is_not_made(checkout: Path) -> None:
    evaluator = checkout / "data/pushed/evaluate.py"
    evaluator.write_text(evaluator.read_text().replace("get_model_ready", "make_model"))
    with pytest.raises(MissingDependencyError, match="runs the agent's own code in its process"):
        gym.make("mlgym/pushed-v0")


def test_keys_of_the_newer_kind_and_a_policy_for_one_observation_at_a_time(
    checkout: Path, make: Callable[..., ChallengeEnv]
) -> None:
    evaluator = checkout / "data/pushed/evaluate.py"
    text = evaluator.read_text().replace("jax.random.PRNGKey(seed)", "jax.random.key(seed)")
    one = "jax.vmap(lambda seen: model.apply(weights, seen, rng=None)[1].sample(seed=own)[0])"
    lines = [line for line in text.splitlines() if "_, policy =" not in line]
    assert len(lines) == len(text.splitlines()) - 1
    text = "\n".join(lines).replace("policy.sample(seed=own)[..., 0]", f"{one}(jnp.stack([place, start], -1))")
    evaluator.write_text(text)
    env = make()
    *_, info = env.step(f"{TRAIN}; {BETTER}\nvalidate")
    assert GOOD < info["scores"][0] < HONEST
