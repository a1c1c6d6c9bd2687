"""Recipes: the settings that a model of some size is trained with, as YAML, and how they are read."""

from __future__ import annotations

from pathlib import Path

RECIPES = Path(__file__).parent


def recipe_files(kind: str) -> dict[str, Path]:
    """The recipes of a kind, ``rl`` say, by name. Reads none, and imports nothing, for the command line."""
    return {path.stem.removeprefix(f"{kind}-"): path for path in sorted(RECIPES.glob(f"{kind}-*.yaml"))}
