"""For an evaluator: networks that were handed in, and their checkpoints, which stay in another sandbox.

Evaluators of reinforcement learning make a network by `get_model_ready`, read its weights by `load_pkl_object`, and
call ``model.apply(weights, observations, rng=None)`` for a distribution to sample actions from. These two functions
stand in for those that were handed in. Nothing of the network runs here: where an action is sampled, jax calls over the
line to `network_player`, which gets observations and a key, and gives back numbers.
"""

import json
import os
import pickle
import threading
from collections.abc import Callable
from functools import cache
from typing import Any, NoReturn

import jax
import numpy as np

TYPE_CHECKING = False
if TYPE_CHECKING:
    from synthgym.envs.tools import program_messages, remote_module
else:
    import program_messages
    import remote_module

CALL_SECONDS = 120.0
"""Wall-clock limit of one call: the first of each network compiles it."""

_MOST_NUMBERS = 1 << 22
_TYPES = ("float32", "int32", "bool")
_MOST_CHOICES = 9999
_PLACE = "the network"

_in_use = threading.Lock()

# A callback that reads a large array waits for ever where it holds the only thread that could bring the array.
jax.config.update("jax_cpu_enable_async_dispatch", False)


def get_model_ready(*given: Any) -> "tuple[Model, None]":
    """A network, as the function of this name that was handed in makes it of the same arguments."""
    return _model(pickle.dumps(given, 5)), None


@cache  # a program that is given an equal network again is not compiled again
def _model(given: bytes) -> "Model":
    return Model(_number(_ask("model", given)))


def load_pkl_object(filename: Any) -> "Checkpoint":
    """A checkpoint, as the function of this name that was handed in reads it."""
    return Checkpoint(str(filename))


class Checkpoint:
    """A checkpoint; an item of it is the number by which the other side knows it."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __getitem__(self, key: str) -> Any:
        return np.int32(_number(_ask("load", self.path, key)))


class Model:
    """A network on the other side."""

    def __init__(self, number: int) -> None:
        self.number = number

    def apply(self, weights: Any, observations: Any, *given: Any, **named: Any) -> "tuple[None, Policy]":
        """No value, and what actions are sampled from; the rest of the arguments are passed on when it is."""
        return None, Policy(self, weights, observations, given, named)


class Policy:
    """Distributions over actions, one for each observation."""

    def __init__(self, model: Model, weights: Any, observations: Any, given: Any, named: Any) -> None:
        self._model, self._weights, self._observations = model, weights, observations
        self._arguments = (given, named)

    def sample(self, seed: Any) -> Any:
        """Actions, drawn on the other side with this key."""
        typed = jax.numpy.issubdtype(seed.dtype, jax.dtypes.prng_key)
        seed = jax.random.key_data(seed) if typed else seed
        shapes = [(array.shape, str(array.dtype)) for array in (self._observations, seed)]
        number, shape, dtype = _policy(_ask("policy", self._model.number, *self._arguments, shapes, typed))
        return jax.pure_callback(
            _sampler(number, shape, np.dtype(dtype)),
            jax.ShapeDtypeStruct(shape, dtype),
            self._weights,
            self._observations,
            seed,
            vmap_method="sequential",
        )


def _sampler(number: int, shape: tuple[int, ...], dtype: Any) -> Callable[..., Any]:
    size = int(np.prod(shape)) * dtype.itemsize

    def sample(weights: Any, observations: Any, seed: Any) -> Any:
        arrays = (int(weights), np.asarray(observations), np.asarray(seed))
        answer = _ask("sample", number, *arrays)
        if len(answer) != size:
            _unreadable()
        actions = np.frombuffer(answer, dtype).reshape(shape)
        # An evaluator that squares an action may be shown a number whose square overflows, to a reward without end.
        if not np.isfinite(actions).all() or (dtype.kind == "i" and ((actions < 0) | (actions > _MOST_CHOICES)).any()):
            remote_module.reject(f"{_PLACE}: expected finite numbers, or choices from 0 to {_MOST_CHOICES}, as actions")
        return actions

    return sample


def _ask(*request: Any) -> bytes:
    """What the other side answers: numbers behind a zero byte, or JSON."""
    try:
        with _in_use:  # jax may call from several threads
            line = _line()
            line.send(pickle.dumps(request, 5))
            answer = line.receive(CALL_SECONDS)
    except program_messages.Closed as error:
        return remote_module.reject(f"{_PLACE}: a call was not answered: {error}")
    if answer[:1] == b"\0":
        return answer[1:]
    try:
        why = str(json.loads(answer)["error"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return _unreadable()
    return remote_module.reject(f"{_PLACE}: {why}")


@cache
def _line() -> program_messages.Line:
    return program_messages.connect(os.environ["SYNTHGYM_WIRE"])


def _number(answer: bytes) -> int:
    return int(answer) if answer.isdigit() and len(answer) <= 6 else _unreadable()


def _policy(answer: bytes) -> tuple[int, tuple[int, ...], str]:
    """Number, shape and type of what a policy samples."""
    try:
        number, shape, dtype = json.loads(answer)
        number, shape = int(number), tuple(int(each) for each in shape)
    except (ValueError, TypeError, OverflowError, RecursionError):
        _unreadable()
    if dtype not in _TYPES:
        remote_module.reject(f"{_PLACE}: expected actions of type {' or '.join(_TYPES)}, got {str(dtype)[:40]!r}")
    if min(shape, default=1) < 0 or int(np.prod(shape, dtype=float)) > _MOST_NUMBERS:
        _unreadable()
    return number, shape, dtype


def _unreadable() -> NoReturn:
    remote_module.reject(f"{_PLACE}: what came back from a call cannot be read")
