"""A task of our own in the format of MLGym's reinforcement learning: a network and its checkpoints are handed in.

A point is pushed along a line, to a goal that it cannot see; where it started tells nothing of the goal.
"""

from __future__ import annotations

from pathlib import Path

import yaml

EVALUATE = """
import argparse, json
from functools import partial
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from src.helpers import load_config, load_pkl_object
from src.networks import get_model_ready

def reward_of(place, goal, push):
    return 1.0 - jnp.abs(place - goal) - 0.1 * push**2

@partial(jax.jit, static_argnums=0)
def rollouts(model, weights, key):
    start, goal = jax.random.uniform(key, (2, 64), minval=-1.0)
    def step(carry, _):
        place, key = carry
        key, own = jax.random.split(key)
        _, policy = model.apply(weights, jnp.stack([place, start], -1), rng=None)
        push = policy.sample(seed=own)[..., 0]
        place = place + jnp.clip(push, -0.3, 0.3)
        return (place, key), reward_of(place, goal, push)
    return jax.lax.scan(step, (start, key), (), length=20)[1].sum(0)

parser = argparse.ArgumentParser()
parser.add_argument("--config_fname", default="./src/config.yaml")
name = parser.parse_args().config_fname
config = load_config(name)
files = list(Path("./checkpoints").glob(f"{Path(name).stem}*.pkl"))
assert len(files) == 2, f"Expected 2 checkpoints, found {len(files)}"
print("evaluating")
rewards = []
for file in files:
    for seed in range(2):
        model, _ = get_model_ready(jax.random.PRNGKey(0), config["train_config"])
        rewards.extend(rollouts(model, load_pkl_object(file)["network"], jax.random.PRNGKey(seed)))
print(json.dumps({"Return": float(np.mean(rewards)), "Spread": float(np.std(rewards))}))
"""

NETWORKS = """
import jax
import jax.numpy as jnp

class Normal:
    def __init__(self, mean, spread):
        self.mean, self.spread = mean, spread
    def sample(self, seed):
        return self.mean + self.spread * jax.random.normal(seed, self.mean.shape)

class Model:
    def __init__(self, spread):
        self.spread = spread
    def init(self, rng):
        return {"slope": 0.3 * jax.random.normal(rng, (2, 1))}
    def apply(self, weights, observations, rng=None):
        return None, Normal(observations @ weights["slope"], self.spread)
    def __hash__(self):
        return hash(self.spread)
    def __eq__(self, other):
        return self.spread == other.spread

def get_model_ready(rng, config):
    model = Model(config["spread"])
    return model, model.init(rng)
"""

HELPERS = """
import pickle
from pathlib import Path
import yaml

def load_config(config_fname):
    return yaml.safe_load(Path(config_fname).read_text())

def load_pkl_object(filename):
    return pickle.loads(Path(filename).read_bytes())

def save_pkl_object(thing, filename):
    Path(filename).parent.mkdir(exist_ok=True)
    Path(filename).write_bytes(pickle.dumps(thing))
"""

TRAIN = """
import jax
from helpers import load_config, save_pkl_object
from networks import get_model_ready

config = load_config("src/config.yaml")["train_config"]
for number in range(2):
    _, weights = get_model_ready(jax.random.PRNGKey(42 + number), config)
    save_pkl_object({"network": jax.device_get(weights)}, f"checkpoints/config-42-{number}.pkl")
"""

BETTER = """python - <<'END'
import numpy as np, pickle
for number in range(2):
    weights = {"network": {"slope": np.array([[-0.5], [0.0]], np.float32)}}
    open(f"checkpoints/config-42-{number}.pkl", "wb").write(pickle.dumps(weights))
END"""
"""A command: goes to the middle, where goals are nearest on average."""

STARTER, GOOD, HONEST = 0.0, 8.0, 12.0
"""Returns: above what random weights get, below what `BETTER` gets, above what can be had without the goals."""


def write_network_task(root: Path, name: str = "pushed") -> Path:
    """Adds the task to a checkout, made where there is none; returns `root`."""
    config = {
        "id": name,
        "name": "A pushed point",
        "description": "Train a network; save two checkpoints in `checkpoints/`.",
        "task_entrypoint": "ModelSubmissionTasks",
        "training_timeout": 120,
        "starter_code": [f"data/{name}/src", f"data/{name}/evaluate.py"],
        "baseline_paths": ["src/train.py"],
        "baseline_scores": [{"Return": -4.0}],
        "evaluation_paths": ["evaluate.py"],
    }
    files = {
        f"configs/tasks/{name}.yaml": yaml.safe_dump(config),
        f"data/{name}/evaluate.py": EVALUATE,
        f"data/{name}/src/__init__.py": "",
        f"data/{name}/src/config.yaml": "train_config: {spread: 0.05}\n",
        f"data/{name}/src/helpers.py": HELPERS,
        f"data/{name}/src/networks.py": NETWORKS,
        f"data/{name}/src/train.py": TRAIN,
    }
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text.lstrip("\n"))
    return root


def write_network_table(path: Path, name: str = "pushed") -> Path:
    """What counts in it."""
    row = {"metric": "Return", "direction": "higher", "noise": 0.3, "reference": 9.0, "image": "jax"}
    path.write_text(yaml.safe_dump({name: row}))
    return path
