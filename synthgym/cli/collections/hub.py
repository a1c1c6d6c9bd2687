"""`synthgym push` and `synthgym pull`: collections shared on the Hugging Face Hub, and copied from it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synthgym.base.messages import say
from synthgym.cli.shared.options import AsJson, print_json


def push(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The collection's folder or pack.")],
    repo_id: Annotated[str, typer.Argument(metavar="USER/NAME", help="A dataset repository; made if there is none.")],
    private: Annotated[bool, typer.Option("--private", help="Make it private.")] = False,
    with_labels: Annotated[
        bool,
        typer.Option("--with-labels", help="Publish reference solutions too, from which labels can be learned."),
    ] = False,
    message: Annotated[str | None, typer.Option("--message", help="Of the commit.")] = None,
    as_json: AsJson = False,
) -> None:
    """Shares a collection as a dataset repository of the Hugging Face Hub, with a card, as one file.

    The key is the one of `hf auth login`, or in the environment variable HF_TOKEN. Hidden labels are never uploaded,
    but who has a grader can make them.
    """
    from synthgym.registry.hub.collections import ADDRESS
    from synthgym.registry.hub.collections import push as run

    commit = run(folder, repo_id, private=private, with_labels=with_labels, message=message)
    address = f"{ADDRESS}{repo_id}@{commit}"
    if as_json:
        print_json({"repo_id": repo_id, "revision": commit, "address": address})
        return
    say(address)


def pull(
    repo_id: Annotated[str, typer.Argument(metavar="USER/NAME", help="A dataset repository.")],
    revision: Annotated[
        str | None, typer.Option("--revision", help="A commit, branch or tag; the newest if left out.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="A new folder, unpacked; else, in the cache.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Copies a collection from the Hugging Face Hub and prints where it is. Nothing in it is run.

    A key, which private repositories need, is the one of `hf auth login`, or in the environment variable HF_TOKEN.
    """
    from synthgym.registry.collections.collection import Collection
    from synthgym.registry.hub.access import resolve_revision
    from synthgym.registry.hub.collections import pull as run

    commit = resolve_revision(repo_id, revision)
    folder = run(repo_id, out, commit)
    if as_json:
        found = Collection.load(folder)
        print_json({"repo_id": repo_id, "revision": commit, "folder": str(folder), "challenges": len(found)})
        return
    say(folder)
