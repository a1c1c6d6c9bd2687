"""File formats that hold a starter's settings.

Starters are written against ``S.<concept>``. A layout gives each concept's expression (``PENALTY``,
``cfg["penalty"]``, …), the lines that define or load the settings, and the file that holds them.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass

from synthgym.synthesis.families.tabular.settings import Setting


@dataclass(frozen=True)
class Layout:
    """Where settings stand and how code reaches them.

    Attributes:
        lines: Code that defines or loads the settings.
        expressions: Code for each concept's value.
        file: Name of the file the settings are in; empty where the main script has them itself.
        body: Its text.
        imports: Modules that `lines` needs.
        flags: The settings as arguments of the main script, which `file` then calls.
    """

    lines: list[str]
    expressions: dict[str, str]
    file: str = ""
    body: str = ""
    imports: tuple[str, ...] = ()
    flags: str = ""


def _aligned(lines: list[tuple[str, str]], rng: random.Random, mark: str = "#") -> list[str]:
    """Code with its comments, in one column or not, all of them or none."""
    style = rng.random()
    if style < 0.1:
        return [code for code, _ in lines]
    width = max(len(code) for code, _ in lines) if style < 0.45 else 0
    return [f"{code:<{width}}  {mark} {note}" for code, note in lines]


def _constants(settings: list[Setting], rng: random.Random, split: str) -> Layout:
    upper = rng.random() < 0.6
    names = {s.concept: s.name.upper() if upper else s.name for s in settings}
    lines = [(f"{s.name.upper() if upper else s.name} = {s.value}", s.note) for s in settings]
    return Layout(_aligned(lines, rng), names)


def _dictionary(settings: list[Setting], rng: random.Random, split: str) -> Layout:
    name = rng.choice(["options", "knobs"] if split == "heldout" else ["config", "params", "CONFIG"])
    lines = _aligned([(f'    "{s.name}": {s.value},', s.note) for s in settings], rng)
    return Layout([f"{name} = {{", *lines, "}"], {s.concept: f'{name}["{s.name}"]' for s in settings})


def _class(settings: list[Setting], rng: random.Random, split: str) -> Layout:
    name = rng.choice(["Settings", "Options", "Setup"])
    lines = _aligned([(f"    {s.name} = {s.value}", s.note) for s in settings], rng)
    return Layout([f"class {name}:", *lines], {s.concept: f"{name}.{s.name}" for s in settings})


def _json(settings: list[Setting], rng: random.Random, split: str) -> Layout:
    file = rng.choice(
        ["options.json", "setup.json"] if split == "heldout" else ["config.json", "params.json", "settings.json"]
    )
    body = json.dumps({s.name: s.value for s in settings}, indent=rng.choice([1, 2, 4])) + "\n"
    load = f'cfg = json.load(open("{file}"))'
    return Layout([load], {s.concept: f'cfg["{s.name}"]' for s in settings}, file, body, ("json",))


def _ini(settings: list[Setting], rng: random.Random, split: str) -> Layout:
    file = rng.choice(["setup.ini", "run.ini"] if split == "heldout" else ["config.ini", "model.ini", "settings.ini"])
    section = rng.choice(["model", "fit", "method"])
    equals = rng.choice([" = ", "="])
    lines = _aligned([(f"{s.name}{equals}{json.dumps(s.value)}", s.note) for s in settings], rng, rng.choice("#;"))
    load = [
        'ini = configparser.ConfigParser(inline_comment_prefixes="#;")',
        f'ini.read("{file}")',
        f'cfg = {{name: json.loads(value) for name, value in ini["{section}"].items()}}',
    ]
    body = "\n".join([f"[{section}]", *lines]) + "\n"
    return Layout(load, {s.concept: f'cfg["{s.name}"]' for s in settings}, file, body, ("configparser", "json"))


def _module(settings: list[Setting], rng: random.Random, split: str) -> Layout:
    name = rng.choice(["options", "knobs"] if split == "heldout" else ["config", "settings", "params"])
    lines = _aligned([(f"{s.name} = {s.value}", s.note) for s in settings], rng)
    head = rng.choice(['"""Settings of the baseline."""\n', "# Settings, read by the main script.\n", ""])
    return Layout(
        [f"import {name} as cfg"],
        {s.concept: f"cfg.{s.name}" for s in settings},
        f"{name}.py",
        head + "\n".join(lines) + "\n",
    )


def _text(settings: list[Setting], rng: random.Random, split: str) -> Layout:
    file = rng.choice(["settings.yaml", "setup.yaml", "options.yml"])
    lines = _aligned([(f"{s.name}: {json.dumps(s.value)}", s.note) for s in settings], rng)
    load = [
        f'lines = [line.split("#")[0].split(":") for line in open("{file}")]',
        "cfg = {name: json.loads(value) for name, value in lines}",
    ]
    return Layout(load, {s.concept: f'cfg["{s.name}"]' for s in settings}, file, "\n".join(lines) + "\n", ("json",))


def _arguments(settings: list[Setting], rng: random.Random, split: str) -> Layout:
    file = rng.choice(["run.sh", "start.sh", "train.sh"])
    flags = " ".join(f"{s.name}={json.dumps(s.value)}" for s in settings)
    load = [
        'pairs = [argument.split("=") for argument in sys.argv[1:]]',
        "cfg = {name: json.loads(value) for name, value in pairs}",
    ]
    return Layout(load, {s.concept: f'cfg["{s.name}"]' for s in settings}, file, "", ("json", "sys"), flags)


LayoutMaker = Callable[[list[Setting], random.Random, str], Layout]

LAYOUTS: dict[str, dict[str, tuple[LayoutMaker, int]]] = {
    "train": {
        "constants": (_constants, 5),
        "dictionary": (_dictionary, 2),
        "json": (_json, 2),
        "ini": (_ini, 2),
        "module": (_module, 2),
        "arguments": (_arguments, 1),
    },
    "heldout": {
        "constants": (_constants, 4),
        "dictionary": (_dictionary, 2),
        "json": (_json, 2),
        "ini": (_ini, 1),
        "module": (_module, 2),
        "class": (_class, 2),
        "text": (_text, 1),
    },
}
"""Layouts and their weights; each split has some of its own."""


def lay_out(settings: list[Setting], rng: random.Random, split: str) -> tuple[str, Layout]:
    """Draws a layout of the split; gives its name and the settings laid out."""
    table = LAYOUTS[split]
    name = rng.choices(list(table), [weight for _, weight in table.values()])[0]
    return name, table[name][0](settings, rng, split)
