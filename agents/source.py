"""A hash of an agent's source: what tells whether its code is another than the one earlier episodes were made with.

Of a module, the whole file counts, and those of the modules beside and below it that it imports, and what these
import. Of a script or a notebook only what the agent uses counts, as a script also says how many episodes to run.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from synthgym.base.python_parser import parse

_PLAIN = (str, bytes, int, float, complex, bool, tuple, list, dict, set, frozenset, type(None))
_LONG = 1000


def source_hash(agent: object) -> str:
    """16 hexadecimal digits, or nothing where there is no source to be found.

    Args:
        agent: A function, a class or an instance.
    """
    if isinstance(agent, functools.partial):
        agent = agent.func
    defined = agent if inspect.isclass(agent) or inspect.isroutine(agent) else type(agent)
    module = sys.modules.get(getattr(defined, "__module__", None) or "")
    if module is None:
        return ""
    parts = sorted(_of_main(defined) if module.__name__ == "__main__" else _of_modules(module))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:16] if parts else ""


# A module, by its files


def _of_modules(first: ModuleType) -> Iterator[str]:
    start = Path(getattr(first, "__file__", None) or "").resolve()
    if start.suffix != ".py" or not start.is_file():
        return
    package = first.__package__ or ""  # is what `start.parent` holds the modules of
    seen: set[str] = set()
    waiting = [first.__name__]
    while waiting:
        name = waiting.pop()
        file = start if name == first.__name__ else _file(name, package, start.parent)
        if file is None or name in seen:
            continue
        seen.add(name)
        text = file.read_bytes().decode("utf-8", "replace")
        yield f"{name}\n{text}"
        waiting += _imports(text, name if file.name == "__init__.py" else name.rpartition(".")[0])


def _file(name: str, package: str, folder: Path) -> Path | None:
    """The file of a module, if that is of the package."""
    if package and not name.startswith(f"{package}."):
        return None
    place = folder.joinpath(*name.removeprefix(f"{package}.").split("."))
    return next((file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()), None)


def _imports(text: str, package: str) -> Iterator[str]:
    """What may be modules among the names that a file imports."""
    try:
        tree = parse(text)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([part for part in [*above, node.module] if part])
            yield base
            yield from (f"{base}.{alias.name}" if base else alias.name for alias in node.names)


# A script or a notebook, by what is used of it


def _of_main(first: Any) -> Iterator[str]:
    seen: set[int] = set()
    waiting = [("", first)]
    while waiting:
        name, value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, _PLAIN):
            yield f"{name} = {_constant(value)}"
        elif inspect.isclass(value) and value.__module__ == "__main__":
            yield f"class {value.__qualname__}"
            waiting += [(base.__name__, base) for base in value.__bases__]
            members = [(member, each) for member, each in vars(value).items() if _is_own(member, each)]
            waiting += [(f"{value.__qualname__}.{member}", each) for member, each in members]
        elif (function := _function(value)) and function.__module__ == "__main__":
            code = function.__code__
            yield f"{function.__qualname__} {_text(function, code)} {_constant(function.__defaults__)}"
            waiting += [(used, function.__globals__[used]) for used in _names(code) if used in function.__globals__]


def _is_own(member: str, value: Any) -> bool:
    """Whether it was written in the class, and not put there by Python."""
    return not member.startswith("__") or _function(value) is not None


def _function(value: Any) -> FunctionType | None:
    """The function behind a method, a property or a decorator."""
    value = getattr(value, "fget", None) or getattr(value, "__func__", value)
    return unwrapped if isinstance(unwrapped := inspect.unwrap(value), FunctionType) else None


def _constant(value: Any) -> str:
    """A plain value as text, the same in every process: sets are sorted; what shows an address says nothing."""
    if isinstance(value, set | frozenset | dict | list | tuple):
        kind = type(value).__name__
        if len(value) > _LONG:
            return f"{kind} of {len(value)}"
        parts = [_constant(each) for each in (value.items() if isinstance(value, dict) else value)]
        return f"{kind}({', '.join(sorted(parts) if isinstance(value, set | frozenset) else parts)})"
    text = repr(value)
    return "" if " at 0x" in text else text


def _text(function: FunctionType, code: CodeType) -> str:
    try:
        return inspect.getsource(function)
    except (OSError, TypeError):  # typed at a prompt
        return f"{code.co_code.hex()} {[_constant(each) for each in code.co_consts if not isinstance(each, CodeType)]}"


def _names(code: CodeType) -> Iterator[str]:
    """The global names that a function's code may look up, in the functions inside it too."""
    yield from code.co_names
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _names(each)
