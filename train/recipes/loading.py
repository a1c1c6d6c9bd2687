"""Recipes: settings under a name, as typed YAML, and changes to them as they are given on a command line.

A recipe is one of ours, by its name (`rl-small-cpu` is ``small-cpu`` of the kind ``rl``), or a file of one's own. What
it does not say is at its default; what it says and nobody knows is an error.
"""

from __future__ import annotations

import contextlib
import copy
import importlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from synthgym.base.errors import UnknownNameError, UserError
from synthgym.base.validation import first_problem
from synthgym.registry.yaml_reading import parse_yaml
from synthgym.train.recipes import recipe_files

M = TypeVar("M", bound=BaseModel)

KINDS = {
    "sft": "synthgym.train.sft.settings:SFTSettings",
    "rl": "synthgym.train.rl.settings:RLSettings",
    "iterate": "synthgym.train.rl.settings:IterateSettings",
}
"""Kinds of recipes, each a trainer's, and where the settings are that they hold."""


def load_recipe(kind: str, name: str | Path, sets: Iterable[str], model_class: type[M]) -> M:
    """The settings of a recipe.

    Args:
        kind: ``rl`` or ``sft``: the recipes that are looked through.
        name: Of a recipe of ours, or a path.
        sets: Changes, each as ``a.b=c``; the value is YAML.
        model_class: What they are settings of.

    Raises:
        UnknownNameError: There is no such recipe, or no such setting; suggests the nearest.
        UserError: A value is not what it should be.

    Example:
        >>> load_recipe("rl", "small-cpu", ["steps=10", "lora.rank=8"], RLSettings).steps
        10
    """
    path, changes = find_recipe(kind, name), list(sets)
    given = _read(path)
    _check_names(given, model_class, str(path))
    changed = copy.deepcopy(given)
    for change in changes:
        _apply(changed, change, model_class)
    try:
        return model_class.model_validate(changed)
    except ValidationError as error:
        where = f"--set {' '.join(changes)}" if changes and _is_sound(given, model_class) else path.name
        raise UserError(f"{where}: {first_problem(error, 'setting')}") from None


def settings_class(kind: str) -> type[BaseModel]:
    """The settings that a kind of recipes holds.

    Raises:
        UnknownNameError: There is no such kind.
    """
    if kind not in KINDS:
        raise UnknownNameError("kind of recipes", kind, KINDS)
    module, _, name = KINDS[kind].partition(":")
    found: type[BaseModel] = getattr(importlib.import_module(module), name)
    return found


def find_recipe(kind: str, name: str | Path) -> Path:
    """The file of a recipe.

    Raises:
        UnknownNameError: There is none.
    """
    known = recipe_files(kind)
    found = known.get(str(name).removeprefix(f"{kind}-")) or Path(name).expanduser()
    if not found.is_file():
        raise UnknownNameError("recipe", str(name), known, "A path to a file works too.")
    return found


def _read(path: Path) -> dict[str, Any]:
    try:
        given = parse_yaml(path.read_bytes(), unique_keys=True) or {}
    except ValueError as error:
        raise UserError(f"{path}: not YAML: {' '.join(str(error).split())[:300]}") from None
    if not isinstance(given, dict):
        raise UserError(f"{path}: expected settings, as in `steps: 10`, got {type(given).__name__}")
    return given


def _is_sound(given: dict[str, Any], model_class: type[BaseModel]) -> bool:
    with contextlib.suppress(ValidationError):
        model_class.model_validate(given)
        return True
    return False


def _apply(given: dict[str, Any], change: str, model_class: type[BaseModel]) -> None:
    path, equals, text = change.partition("=")
    names = path.strip().split(".")
    if not equals or not all(names):
        raise UserError(f"--set {change!r}: expected a setting and a value, as in learning_rate=1e-4 or lora.rank=8")
    try:
        value = parse_yaml(text, unique_keys=True)
    except ValueError:
        raise UserError(f"--set {change!r}: {text!r} is no value that YAML could read") from None
    if isinstance(value, str):  # YAML takes 1e-4 for a text
        with contextlib.suppress(ValueError):
            value = float(value)
    nested: dict[str, Any] = {names[-1]: value}
    for name in reversed(names[:-1]):
        nested = {name: nested}
    _check_names(nested, model_class, f"--set {change}")
    _merge(given, nested)


def _merge(given: dict[str, Any], change: dict[str, Any]) -> None:
    for name, value in change.items():
        if isinstance(value, dict) and isinstance(given.get(name), dict):
            _merge(given[name], value)
        else:
            given[name] = value


def _check_names(given: dict[str, Any], model_class: type[BaseModel], where: str, above: str = "") -> None:
    """Sees that all settings are known, and that none that counts something is true or false, which are 1 and 0."""
    for name, value in given.items():
        field = model_class.model_fields.get(str(name))
        if field is None:
            known = [f"{above}{each}" for each in model_class.model_fields]
            raise UnknownNameError("setting", f"{above}{name}", known, f"({where})")
        options = [each for each in get_args(field.annotation) or [field.annotation] if isinstance(each, type)]
        parts = [each for each in options if issubclass(each, BaseModel)]
        if isinstance(value, dict) and parts:
            _check_names(value, parts[0], where, f"{above}{name}.")
        elif isinstance(value, bool) and bool not in options and {int, float} & set(options):
            raise UserError(f"setting '{above}{name}': expected a number, got {str(value).lower()} ({where})")
