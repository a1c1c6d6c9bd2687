"""`synthgym play`: an episode for a person at a terminal."""

from __future__ import annotations

from typing import Annotated

import typer

from synthgym.base.errors import UserError
from synthgym.cli.shared.options import Collections, Sandbox, Seed, find_challenges


def play(
    env_id: Annotated[str, typer.Argument(metavar="ENV_ID", help="As `synthgym list` shows it.")],
    seed: Seed = 0,
    sandbox: Sandbox = "auto",
    collection: Collections = None,
) -> None:
    """Lets you play one episode: a shell in the workspace, `validate`, `submit`."""
    import gymnasium

    from synthgym.agents.human import play as run

    (name, _, _), *others = find_challenges([env_id], collections=collection)
    if others:
        raise UserError(f"environment {env_id!r}: expected one, and {len(others) + 1} match; see: synthgym list")
    env = gymnasium.make(name, sandbox=sandbox, disable_env_checker=True)
    try:
        run(env, seed=seed)
    finally:
        env.close()
