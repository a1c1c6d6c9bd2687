"""`synthgym pack` and `synthgym unpack`: a collection in one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synthgym.base.messages import say
from synthgym.cli.shared.options import AsJson, print_json


def pack(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The collection's folder.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="The pack; else, DIR.synthgym.zip beside the folder.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Packs a collection into one file, which every command takes in place of the folder.

    Challenges go there with their reference solutions, and so do the ledger and trajectories; what is hidden, and
    what Python compiled, does not. The same collection gives the same bytes.
    """
    from synthgym.base.errors import UserError
    from synthgym.registry.collections.pack import SUFFIX, is_pack, read_pack
    from synthgym.registry.collections.packing import pack as run

    folder = folder.expanduser().absolute()
    if out is None and is_pack(folder):
        raise UserError(f"{folder}: is a pack already; to pack it again, name a file with --out")
    file = run(folder, out or folder.with_name(folder.name + SUFFIX))
    found = read_pack(file)
    if as_json:
        print_json({"file": str(file), "bytes": file.stat().st_size, "challenges": len(found.entries)})
        return
    challenges = "1 challenge" if len(found.entries) == 1 else f"{len(found.entries)} challenges"
    say(f"{file}: {challenges}, {file.stat().st_size:,} bytes")


def unpack(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A pack.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="A new folder; else, FILE's name here.")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="PATTERN...", help="Challenges, or files such as 'trajectories/*'; else, all."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Unpacks a pack into a folder of challenges. Nothing in it is run.

    A challenge that is not what the pack states of it is left out, and told. Exit code 1 if any is.
    """
    from synthgym.registry.collections.pack import SUFFIX
    from synthgym.registry.collections.unpack import unpack as run

    out = (out or Path(file.name.removesuffix(SUFFIX).removesuffix(".zip"))).expanduser().absolute()
    left_out = run(file, out, only or ())
    if as_json:
        print_json({"folder": str(out), "left_out": left_out})
    else:
        for what in left_out:
            say(f"left out: {what}", err=True)
        say(out)
    if left_out:
        raise typer.Exit(1)
