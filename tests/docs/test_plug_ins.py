"""MLGym is a plug-in: only its own rooms name it, and what is installed leads to them. See docs/guides/suites.md."""

from __future__ import annotations

import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("registry", "envs", "agents", "train", "synthgym")
ROOMS = (
    "registry/mlgym/",
    "envs/mlgym/",
    "agents/mlgym/",
    "train/evaluation/mlgym/",
    "synthgym/synthesis/mlgym/",
    "synthgym/cli/mlgym/",
)
PUBLIC = {
    "synthgym/__init__.py": [
        "    from synthgym.envs.mlgym.register import register_mlgym",
        '    "register_mlgym",',
        '    "register_mlgym": "synthgym.envs.mlgym.register",',
    ],
    "synthgym/cli/main.py": [
        "from synthgym.cli.mlgym.export_mlgym import export_mlgym",
        "    export_mlgym,",
    ],
}
"""Where a function and a command have its name, which users call: all lines of these files that do."""

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def sources() -> dict[str, Path]:
    """Files of the package, by their places in the checkout; those that `synthgym/` links to are met once."""
    found = {}
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*")):
            place = path.relative_to(ROOT).as_posix()
            if path.is_file() and "__pycache__" not in place:
                found[place] = path
    linked = tuple(f"synthgym/{floor}/" for floor in FLOORS)
    return {place: path for place, path in found.items() if not place.startswith(linked)}


def naming() -> dict[str, list[str]]:
    """Lines that name it, by file, outside its rooms."""
    found = {}
    for place, path in sources().items():
        text = path.read_bytes().decode("utf-8", "replace")
        if "mlgym" in f"{place}\n{text}".lower() and not place.startswith(ROOMS):
            found[place] = [line for line in text.splitlines() if "mlgym" in line.lower()] or [place]
    return found


def test_no_file_outside_its_rooms_names_it() -> None:
    assert naming() == PUBLIC


def test_its_rooms_are_there() -> None:
    assert all(any(place.startswith(room) for place in sources()) for room in ROOMS)


@pytest.mark.parametrize("group", PROJECT["entry-points"])
def test_what_is_declared_is_installed(group: str) -> None:
    """An editable install made before an entry was added knows nothing of it."""
    installed = {point.name: point.value for point in entry_points(group=group) if point.dist.name == "synthgym"}
    assert installed == PROJECT["entry-points"][group], "install it again: scripts/install"
    for point in entry_points(group=group):
        point.load()
