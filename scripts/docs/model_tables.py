"""Tables of pydantic models, field by field: type, limits, default, and what the docstring says under `Attributes`."""

from __future__ import annotations

import importlib
import inspect
import types
import typing
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

import annotated_types
import griffe
from docstrings import cell, summary
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from synthgym.train.recipes.loading import KINDS

SETTINGS = {
    "challenge": {"": "synthgym.registry.challenge:Challenge"},
    "agents": {
        "ChatSettings": "synthgym.agents.chat.settings:ChatSettings",
        "Serving": "synthgym.train.serving.settings:Serving",
    },
    "training": KINDS,
}
"""Pages of settings: the models on each, and what their tables are called."""


def settings_of(page: str) -> str:
    """Tables of a page's models and of those within them, each once."""
    shown: dict[type[BaseModel], str] = {}
    text = ""
    for title, target in SETTINGS[page].items():
        module, _, name = target.partition(":")
        text += table_of(getattr(importlib.import_module(module), name), title, shown)
    return text


def table_of(model: type[BaseModel], title: str, shown: dict[type[BaseModel], str]) -> str:
    """A model's fields, and below them those of the models that they hold."""
    shown[model] = title
    said, rows, below = attributes(model), [], ""
    for name in described(model, model.model_fields):
        field, place = model.model_fields[name], f"{title}.{name}".lstrip(".")
        for each in parts(field.annotation):
            if isinstance(each, type) and issubclass(each, BaseModel):
                below += f"\n`{place}` has the fields of `{shown[each]}`.\n" if each in shown else ""
                below += "" if each in shown else table_of(each, place, shown)
        rows.append(f"| `{name}` | {kind(field.annotation, limits(field))} | {default(field)} | {said[name]} |\n")
    head = f"\n## {f'`{title}`' if title else 'The file'}\n\n{summary(model)}\n"
    return head + "\n| field | is | default | |\n| --- | --- | --- | --- |\n" + "".join(rows) + below


def described(model: type, names: typing.Iterable[str]) -> list[str]:
    """The names, each of which the class has to describe."""
    silent = [name for name in names if name not in attributes(model)]
    if silent:
        raise SystemExit(f"{model.__module__}.{model.__name__}: nothing is said of {', '.join(silent)}")
    return list(names)


def attributes(model: type) -> dict[str, str]:
    """What the docstrings of a class and of those above it say of its attributes."""
    found: dict[str, str] = {}
    for each in reversed(model.__mro__):
        text = griffe.Docstring(inspect.cleandoc(vars(each).get("__doc__") or ""))
        for section in text.parse("google", warnings=False):
            if section.kind is griffe.DocstringSectionKind.attributes:
                found |= {item.name: cell(item.description) for item in section.value}
    return found


def kind(annotation: Any, limited: str = "") -> str:
    """A type in words."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation is None or annotation is types.NoneType:
        return "none"
    if origin is typing.Annotated:
        return kind(arguments[0], limited)
    if origin is Literal:
        return ", ".join(f"`{each}`" for each in arguments)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(kind(each, limited if each is arguments[0] else "") for each in arguments)
    if origin is list:
        return f"list of {kind(arguments[0])}s"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel | dict):
        return "fields, see below"
    words = {int: "whole number", float: "number", str: "text", bool: "true or false"}
    return " ".join([words.get(annotation, str(getattr(annotation, "__name__", annotation))), limited]).strip()


def parts(annotation: Any) -> Iterator[Any]:
    """A type and all types within it."""
    yield annotation
    for each in get_args(annotation):
        yield from parts(each)


def limits(field: FieldInfo) -> str:
    """What a number may be."""
    signs = {annotated_types.Gt: ">", annotated_types.Ge: "≥", annotated_types.Lt: "<", annotated_types.Le: "≤"}
    found = []
    for each in field.metadata:
        if sign := signs.get(type(each)):
            value = getattr(each, type(each).__name__.lower())
            found.append(f"{sign} {int(value) if value == int(value) < 1e15 else value:,}")
        if isinstance(each, annotated_types.MaxLen):
            found.append(f"of at most {each.max_length:,}{' characters' if field.annotation is str else ''}")
    return ", ".join(found)


def default(field: FieldInfo) -> str:
    """What a field is when nothing is said."""
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, BaseModel) or value in ("", []):
        return ""
    words: dict[Any, str] = {None: "none", True: "`true`", False: "`false`"}
    return words[value] if value is None or isinstance(value, bool) else f"`{value}`"
