"""`synthgym images`: the container images that workspaces run in."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from synthgym.base.messages import say
from synthgym.cli.shared.options import AsJson, print_json
from synthgym.registry.images import IMAGES, how_to_get

images = typer.Typer(name="images", no_args_is_help=True, help="The container images that workspaces run in.")


class Variant(StrEnum):
    """An image of our own."""

    cpu = "cpu"
    torch = "torch"
    gpu = "gpu"
    transformers = "transformers"
    jax = "jax"


@images.command()
def build(
    variant: Annotated[
        Variant, typer.Argument(help="cpu; torch: with torch for CPUs; gpu: with torch for GPUs; transformers; jax.")
    ] = Variant.cpu,
    base: Annotated[str, typer.Option("--base", help="Image to start from, of Debian or Ubuntu.")] = "python:3.12-slim",
    ca: Annotated[
        Path | None,
        typer.Option(
            "--ca", exists=True, dir_okay=False, help="Certificate authorities for downloads; stays out of the image."
        ),
    ] = None,
    wheels: Annotated[
        Path | None,
        typer.Option("--wheels", exists=True, file_okay=False, help="Folder with wheels, taken before downloading."),
    ] = None,
) -> None:
    """Builds an image."""
    from synthgym.envs.sandboxes.docker import images as own

    image = own.build(variant.value, base, ca, wheels)
    say(f"{own.tag_of(variant.value)}: workspaces run in {image}")


@images.command("list")
def list_images(as_json: AsJson = False) -> None:
    """Lists the images of our own, and whether the engine has them."""
    from synthgym.envs.sandboxes.docker import images as own

    found = {name: own.present(name) for name in IMAGES}
    if as_json:
        print_json(found)
        return
    for name, image in IMAGES.items():
        there = "built" if found[name] else f"not built; {how_to_get(name)}"
        say(f"{own.tag_of(name):<21}  {image.about:<56}  {there}")
