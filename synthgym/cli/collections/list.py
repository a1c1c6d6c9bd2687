"""`synthgym list`: the known challenges."""

from __future__ import annotations

from typing import Annotated

import typer

from synthgym.base.messages import say
from synthgym.base.text import one_line
from synthgym.cli.shared.options import AsJson, Collections, InSplit, find_challenges, print_json, reasons_not_to_run


def list_challenges(
    patterns: Annotated[list[str] | None, typer.Argument(metavar="PATTERN", help="As in 'synthgym/*'.")] = None,
    split: InSplit = None,
    collection: Collections = None,
    as_json: AsJson = False,
) -> None:
    """Lists known challenges by the ids of their environments.

    Known are the shipped collection, those in the environment variable SYNTHGYM_COLLECTIONS, those of installed
    packages, and the tasks of suites whose checkouts SYNTHGYM_<SUITE>_ROOT name.
    """
    from synthgym.registry.collections.pack import is_pack

    found = find_challenges(patterns or None, split, collection)
    reasons = reasons_not_to_run(found)
    if as_json:
        print_json(
            [
                {
                    "env_id": name,
                    "title": entry.title,
                    "split": entry.split,
                    "kind": entry.kind,
                    "metric": entry.metric,
                    "verified": entry.verified and name not in reasons,
                    "reason": reasons.get(name),
                    "content_hash": entry.content_hash,
                    "path": str(index.path if is_pack(index.path) else index.path / entry.id),
                }
                for name, index, entry in found
            ]
        )
        return
    width = max((len(name) for name, _, _ in found), default=0)
    for name, _, entry in found:
        reason = reasons.get(name) or ("" if entry.verified else "not verified")
        title = f"{entry.title}  ({reason})" if reason else entry.title
        say(one_line(f"{name:<{width}}  {entry.split:<7}  {entry.kind:<6}  {entry.metric:<18}  {title}"))
