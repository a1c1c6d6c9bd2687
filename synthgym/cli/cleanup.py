"""`synthgym cleanup`: removes what processes that died left behind."""

from __future__ import annotations

from synthgym.base.messages import say
from synthgym.cli.shared.options import AsJson, print_json


def cleanup(as_json: AsJson = False) -> None:
    """Removes containers, control groups and temporary folders of synthgym whose process is gone.

    What belongs to a process that lives stays. Sandboxes end with their process by themselves; this is for what is left
    where the engine or the machine failed.
    """
    from synthgym.envs.sandboxes.cleanup import cleanup as clean

    removed = clean()
    if as_json:
        print_json(removed)
        return
    for what, count in removed.items():
        say(f"{what}: {count} removed")
