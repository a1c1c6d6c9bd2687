"""Networks written by hand for MLGym's tasks of reinforcement learning: better than its starters are said to be."""

from __future__ import annotations

_MODEL = """
import jax
import jax.numpy as jnp

class Chosen:
    def __init__(self, choose):
        self.choose = choose
    def sample(self, seed):
        return self.choose(seed)

class Model:
    def apply(self, weights, seen, rng=None):
        return None, Chosen(lambda seed: act(seen, seed))

def get_model_ready(rng, config):
    return Model(), {}

"""

_CHECKPOINTS = """
import pickle
from pathlib import Path
Path("checkpoints").mkdir(exist_ok=True)
for number in range(5):
    Path(f"checkpoints/config-42-{number}.pkl").write_bytes(pickle.dumps({"network": {}}))
"""

_CAR = """
def act(seen, seed):
    return jnp.where(seen[..., 1:2] >= 0, 1.0, -1.0)  # the way that the car moves
"""

_BREAKOUT = """
def act(seen, seed):
    numbers = jnp.arange(10)
    column = lambda layer: (seen[..., layer].sum(-2) * numbers).sum(-1)
    row = lambda layer: (seen[..., layer].sum(-1) * numbers).sum(-1)
    paddle, ball, trail = column(0), column(1), column(2)
    aside, down = jnp.sign(ball - trail), row(1) - row(2)
    lands = ball + aside * (8 - row(1))  # where the ball comes down, mirrored at the walls
    lands = jnp.where(lands < 0, -lands - 1, lands)
    lands = jnp.where(lands > 9, 19 - lands, lands)
    aim = jnp.clip(jnp.where(down > 0, lands, ball + aside), 0, 9)
    return jnp.where(aim < paddle, 1, jnp.where(aim > paddle, 2, 0)).astype(jnp.int32)
"""

_MAZE = """
def act(seen, seed):
    walls = seen[..., :9].reshape(*seen.shape[:-1], 3, 3)
    free = 1 - jnp.stack([walls[..., 0, 1], walls[..., 1, 2], walls[..., 2, 1], walls[..., 1, 0]], -1)
    last = jnp.argmax(seen[..., 9:13], -1)
    onward, back = jax.nn.one_hot(last, 4), jax.nn.one_hot((last + 2) % 4, 4)
    liked = free * (1 + jax.random.uniform(seed, free.shape) + 0.8 * onward) - 10 * (1 - free) - 5 * back
    return jnp.argmax(liked, -1).astype(jnp.int32)
"""


def _written(act: str) -> str:
    """A command that hands it in."""
    return f"cat > src/networks.py <<'END'{_MODEL}{act}END\npython - <<'END'{_CHECKPOINTS}END\n"


POLICIES = {
    "rlMountainCarContinuous": (_written(_CAR), 82.90),
    "rlMountainCarContinuousReinforce": (_written(_CAR), 82.90),
    "rlMetaMazeMisc": (_written(_MAZE), 48.23),
    "rlBreakoutMinAtar": (_written(_BREAKOUT), 84.0),
}
"""By task: a command, and what MLGym's evaluator gives it when it runs with everything in one place (jax 0.6.2)."""
