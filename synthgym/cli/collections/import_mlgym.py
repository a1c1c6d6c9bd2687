"""`synthgym import-mlgym`: the collection that was exported to MLGym's format."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synthgym.base.messages import say
from synthgym.cli.shared.options import AsJson, print_json


def import_mlgym(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="What `synthgym export-mlgym` made.")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The collection's folder, a new one.")],
    as_json: AsJson = False,
) -> None:
    """Makes a collection of an export: the same files, so the same content hashes. Nothing is run.

    MLGym's own tasks are no export and cannot be read.
    """
    from synthgym.registry.mlgym.import_exported import import_mlgym as run

    collection = run(folder, out)
    if as_json:
        print_json({"folder": str(collection.path), "challenges": collection.ids()})
    else:
        say(f"{collection.path}: {len(collection)} challenges")
