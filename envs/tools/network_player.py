"""Runs in the module sandbox: makes the networks that were handed in, and samples actions for the evaluator in another.

It shares its process with what was handed in, so nothing it holds is secret and nothing it says is trusted. Started in
the workspace as ``python -I network_player.py MODULE MODULE``: where `get_model_ready` and where `load_pkl_object` are.
"""

import importlib
import json
import os
import pickle
import sys
from collections.abc import Callable
from typing import Any

sys.path.insert(0, os.environ["SYNTHGYM_TOOLS"])
os.environ["JAX_TRACEBACK_FILTERING"] = "off"  # errors are told by their last line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from synthgym.envs.tools import program_messages
else:
    import program_messages


class Networks:
    """What was made and loaded; the evaluator knows each by its number."""

    def __init__(self, makes: str, loads: str) -> None:
        self.makes, self.loads = makes, loads
        self.models: list[Any] = []
        self.weights: list[Any] = []
        self.policies: list[Callable[..., Any]] = []

    def model(self, given: bytes) -> bytes:
        make = importlib.import_module(self.makes).get_model_ready
        self.models.append(make(*pickle.loads(given))[0])
        return str(len(self.models) - 1).encode()

    def load(self, path: str, key: str) -> bytes:
        self.weights.append(importlib.import_module(self.loads).load_pkl_object(path)[key])
        return str(len(self.weights) - 1).encode()

    def policy(
        self, model: int, given: tuple[Any, ...], named: dict[str, Any], shapes: list[Any], typed: bool
    ) -> bytes:
        """Of what shape and type the samples are. `typed`: the evaluator's keys are of jax's newer kind."""
        import jax

        network = self.models[model]

        def sample(weights: Any, observations: Any, seed: Any) -> Any:
            _, actions = network.apply(weights, observations, *given, **named)
            return actions.sample(seed=jax.random.wrap_key_data(seed) if typed else seed)

        arrays = [jax.ShapeDtypeStruct(shape, dtype) for shape, dtype in shapes]
        told = jax.eval_shape(sample, self.weights[-1], *arrays)
        self.policies.append(jax.jit(sample))
        return json.dumps([len(self.policies) - 1, told.shape, str(told.dtype)]).encode()

    def sample(self, policy: int, weights: int, observations: Any, seed: Any) -> bytes:
        import numpy

        actions: bytes = numpy.asarray(self.policies[policy](self.weights[weights], observations, seed)).tobytes()
        return actions


def main(makes: str, loads: str) -> None:
    sys.path.insert(0, os.getcwd())
    networks = Networks(makes, loads)
    line = program_messages.connect(os.environ["SYNTHGYM_WIRE"])
    while True:
        try:
            name, *given = pickle.loads(line.receive())
        except program_messages.Closed:
            os._exit(0)
        try:
            answer = b"\0" + getattr(networks, name)(*given)
        except BaseException as error:
            answer = program_messages.failure(error)
        line.send(answer)


main(*sys.argv[1:])
