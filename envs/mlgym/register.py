"""Makes the tasks of a checkout of MLGym's repository known to Gymnasium."""

from __future__ import annotations

from pathlib import Path

from synthgym.envs.registration import register_collection
from synthgym.registry.collections.known import add_checkout


def register_mlgym(path: Path | str, table: Path | str | None = None) -> list[str]:
    """Makes the tasks of a checkout of MLGym's repository known to Gymnasium.

    They are known in this process and in those that it starts afterwards. To have them known in every process, name the
    checkout in the environment variable ``SYNTHGYM_MLGYM_ROOT``. A task that cannot be run on this machine is known
    too, and says why when it is made.

    Args:
        path: The checkout.
        table: A YAML file of what counts in tasks of one's own: ``myTask: {metric: accuracy, direction: higher}``. By
            default the one that the environment variable ``SYNTHGYM_MLGYM_TABLE`` names.

    Returns:
        Ids for `gymnasium.make`, such as ``mlgym/blotto-v0``.

    Raises:
        SpecError: It is no checkout, or the table is wrong.
    """
    options = {} if table is None else {"table": str(table)}
    return register_collection(add_checkout("mlgym", path, **options))
