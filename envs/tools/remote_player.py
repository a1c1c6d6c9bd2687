"""Runs in the module sandbox: loads the submitted file, and calls its functions for the evaluator in another one.

It shares its process with the submission, so nothing it holds is secret and nothing it says is trusted. Started as
``python -I remote_player.py PATH SEED``.
"""

import importlib.util
import json
import os
import pickle
import random
import sys
from collections.abc import Callable
from typing import Any

sys.path.insert(0, os.environ["SYNTHGYM_TOOLS"])

TYPE_CHECKING = False
if TYPE_CHECKING:
    from synthgym.envs.tools import program_messages
else:
    import program_messages

PLAIN = frozenset((int, float, bool, str, type(None)))


def load(path: str) -> Any:
    """The submitted module, under its own name."""
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    name = os.path.splitext(os.path.basename(path))[0]
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def find(module: Any, name: str, path: str) -> Callable[..., Any]:
    function = getattr(module, name, None)
    if not callable(function):
        raise AttributeError(f"expected a function {name!r} in {path}, found none")
    return function  # type: ignore[no-any-return]


def told(value: Any) -> Any:
    """A value in JSON: what is plain as it is, all else under the name of its kind."""
    kind = type(value)
    if kind in PLAIN:
        return value
    if kind is list:
        return [told(each) for each in value]
    if kind is tuple:
        return {"tuple": [told(each) for each in value]}
    if kind is set or kind is frozenset:
        return {"set": [told(each) for each in value]}
    if kind is dict:
        return {"dict": [[told(key), told(each)] for key, each in value.items()]}
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.generic):
        return {"scalar": [value.dtype.str, value.item()]}
    if numpy is not None and isinstance(value, numpy.ndarray):
        return {"array": [value.dtype.str, value.tolist()]}
    raise TypeError(f"expected numbers, text, lists, tuples or arrays of numpy's, got {kind.__name__}")


def main(path: str, seed: int) -> None:
    random.seed(seed)
    line = program_messages.connect(os.environ["SYNTHGYM_WIRE"])
    functions: dict[str, Callable[..., Any]] = {}
    names = pickle.loads(line.receive())
    try:
        module = load(path)
        functions.update((name, find(module, name, path)) for name in names)
        if "numpy" in sys.modules:
            sys.modules["numpy"].random.seed(seed % 2**32)
        line.send(b'{"value": null}')
    except BaseException as error:
        line.send(program_messages.failure(error))
    while True:
        try:
            name, given, named = pickle.loads(line.receive())
        except program_messages.Closed:
            os._exit(0)
        try:
            answer = json.dumps({"value": told(functions[name](*given, **named))}).encode()
        except BaseException as error:
            answer = program_messages.failure(error)
        line.send(answer)


main(sys.argv[1], int(sys.argv[2]))
