"""Options of the commands that train."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from synthgym.train.recipes import recipe_files


def _model(more: str = "") -> Any:
    return typer.Option("--model", metavar="MODEL", help=f"A folder, user/name of the Hub, or smollm2-135m{more}.")


def recipe_option(kind: str) -> Any:
    """The option for a recipe of a kind, whose help lists those that there are."""
    return typer.Option("--recipe", metavar="NAME", help=f"{', '.join(recipe_files(kind))}, or a file.")


Model = Annotated[str, _model()]
ModelOrSmall = Annotated[str, _model("; small: one that is made for these trajectories")]
ModelOrAdapter = Annotated[str, _model("; or the folder of an adapter, which names its model")]

Changes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="A.B=C", help="Changes a setting of the recipe; may be repeated."),
]
Out = Annotated[
    Path, typer.Option("--out", metavar="DIR", help="Folder of the run; an unfinished one is gone on with.")
]
