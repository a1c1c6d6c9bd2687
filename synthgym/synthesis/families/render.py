"""The families' templates: jinja2 files beside this module, and names replaced in rendered code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from synthgym.registry.yaml_reading import parse_yaml

TEMPLATES = Path(__file__).parent / "templates"


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), undefined=jinja2.StrictUndefined, keep_trailing_newline=True
    )


def render(template: str, **values: Any) -> str:
    """The text of a template below `templates/`."""
    return _environment().get_template(template).render(**values)


@cache
def data(name: str) -> Any:
    """A YAML file below `templates/`. Shared between callers: not to be changed."""
    return parse_yaml((TEMPLATES / name).read_bytes())


def rename(code: str, names: Mapping[str, str]) -> str:
    """Replaces whole identifiers, all at once, so that names may be swapped."""
    pattern = re.compile(r"(?<![\w.\"'])(" + "|".join(map(re.escape, names)) + r")\b(?![\"'=])" if names else r"(?!)")
    return pattern.sub(lambda match: names[match[1]], code)
