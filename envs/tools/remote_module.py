"""For an evaluator: the functions of a submitted module, which runs in another sandbox.

What they are given goes over as it is; copies, so that nothing of the evaluator's can be changed over there. What comes
back is read as data and never more: numbers, text, lists, tuples and the like, as `remote_player` writes them.
"""

import json
import os
import pickle
from collections.abc import Callable
from typing import Any, NoReturn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from synthgym.envs.tools import answer_forms, program_messages, synthgym_grader
else:
    import answer_forms
    import program_messages
    import synthgym_grader

CALL_SECONDS = 10.0
"""Wall-clock limit of one call."""

_START_SECONDS = 60.0


def functions(path: str, names: list[str], form: dict[str, Any] | None = None) -> list[Callable[..., Any]]:
    """Stand-ins for the functions of these names in the module `path`; their answers have a form: `answer_forms`."""
    line = program_messages.connect(os.environ["SYNTHGYM_WIRE"])
    line.send(pickle.dumps(names))
    _answer(line, path, _START_SECONDS)
    return [_function(line, path, name, form) for name in names]


def _function(line: program_messages.Line, path: str, name: str, form: dict[str, Any] | None) -> Callable[..., Any]:
    def call(*given: Any, **named: Any) -> Any:
        try:
            line.send(pickle.dumps((name, given, named), 5))
        except program_messages.Closed as error:
            reject(f"{path}: {error}")
        answer = _answer(line, path, CALL_SECONDS)
        try:
            return answer if form is None else answer_forms.checked(answer, form, given)
        except ValueError as error:
            reject(f"{path}: {name}: {error}")

    call.__name__ = call.__qualname__ = name
    return call


def _answer(line: program_messages.Line, path: str, seconds: float) -> Any:
    try:
        message = json.loads(line.receive(seconds))
        if "error" not in message:
            return plain(message["value"])
        why = str(message["error"])
    except program_messages.Closed as error:
        why = f"a call was not answered: {error}"
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError, ImportError):
        why = "what came back from a call cannot be read"
    return reject(f"{path}: {why}")


def reject(why: str) -> NoReturn:
    """Ends the evaluation: the host stops this program when it is told."""
    synthgym_grader.reject(why)
    os._exit(1)


def plain(value: Any) -> Any:
    """What `remote_player.told` has written, as it was."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    ((kind, inner),) = value.items()
    if kind == "tuple":
        return tuple(plain(each) for each in inner)
    if kind == "set":
        return {plain(each) for each in inner}
    if kind == "dict":
        return {plain(key): plain(each) for key, each in inner}
    import numpy as np

    if kind not in ("scalar", "array"):
        raise ValueError(kind)
    name, data = inner
    dtype = np.dtype(str(name))
    if dtype.hasobject or dtype.fields:
        raise ValueError(name)
    array = np.array(data, dtype)
    return array[()] if kind == "scalar" else array
