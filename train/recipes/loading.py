"""Recipes: settings under a name, as typed YAML, and changes to them as they are given on a command line.

A recipe is one of ours, by its name (`rl-small-cpu` is ``small-cpu`` of the kind ``rl``), or a file of one's own. What
it does not say is at its default; what it says and nobody knows is an error.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from synthgym.base.errors import UnknownNameError, UserError
from synthgym.base.validation import first_problem
from synthgym.registry.yaml_reading import parse_yaml

RECIPES = Path(__file__).parent

M = TypeVar("M", bound=BaseModel)


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
    path = find_recipe(kind, name)
    try:
        given = parse_yaml(path.read_bytes()) or {}
    except ValueError as error:
        raise UserError(f"{path}: not YAML: {' '.join(str(error).split())[:300]}") from None
    if not isinstance(given, dict):
        raise UserError(f"{path}: expected settings, as in `steps: 10`, got {type(given).__name__}")
    _check_names(given, model_class, str(path))
    for change in sets:
        _apply(given, change, model_class)
    try:
        return model_class.model_validate(given)
    except ValidationError as error:
        raise UserError(f"{path.name}: {first_problem(error)}") from None


def find_recipe(kind: str, name: str | Path) -> Path:
    """The file of a recipe.

    Raises:
        UnknownNameError: There is none.
    """
    known = {path.stem.removeprefix(f"{kind}-"): path for path in sorted(RECIPES.glob(f"{kind}-*.yaml"))}
    found = known.get(str(name).removeprefix(f"{kind}-")) or Path(name).expanduser()
    if not found.is_file():
        raise UnknownNameError("recipe", str(name), known, "A path to a file works too.")
    return found


def _apply(given: dict[str, Any], change: str, model_class: type[BaseModel]) -> None:
    path, equals, text = change.partition("=")
    names = path.strip().split(".")
    if not equals or not all(names):
        raise UserError(f"--set {change!r}: expected a setting and a value, as in learning_rate=1e-4 or lora.rank=8")
    try:
        value = parse_yaml(text)
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
    for name, value in given.items():
        field = model_class.model_fields.get(str(name))
        if field is None:
            known = [f"{above}{each}" for each in model_class.model_fields]
            raise UnknownNameError("setting", f"{above}{name}", known, f"({where})")
        parts = _models(field.annotation)
        if isinstance(value, dict) and parts:
            _check_names(value, parts[0], where, f"{above}{name}.")


def _models(annotation: Any) -> list[type[BaseModel]]:
    options = get_args(annotation) or (annotation,)
    return [each for each in options if isinstance(each, type) and issubclass(each, BaseModel)]
