"""synthgym: synthesised machine-learning challenges as Gymnasium environments.

Importing it makes the challenges of all known collections known to Gymnasium, and no more: everything else is loaded
when it is first used.

    >>> import gymnasium as gym
    >>> import synthgym
    >>> env = gym.make(synthgym.register("my_collection")[0])
    >>> observation, info = env.reset(seed=0)
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from synthgym.envs.registration import register_all as _register_all

if TYPE_CHECKING:
    from synthgym import errors
    from synthgym.agents.chat.agent import ChatAgent
    from synthgym.agents.human import HumanAgent
    from synthgym.agents.research.scripted import ScriptedAgent
    from synthgym.agents.rollout import rollout
    from synthgym.agents.trajectories.store import Store
    from synthgym.agents.trajectories.trajectory import Trajectory
    from synthgym.envs.env import ChallengeEnv
    from synthgym.envs.mlgym.register import register_mlgym
    from synthgym.envs.vector.vector import vector
    from synthgym.registry.challenge import Challenge, load_challenge
    from synthgym.registry.collections.collection import Collection

    __version__: str

__all__ = [
    "Challenge",
    "ChallengeEnv",
    "ChatAgent",
    "Collection",
    "HumanAgent",
    "ScriptedAgent",
    "Store",
    "Trajectory",
    "errors",
    "load_challenge",
    "register",
    "register_mlgym",
    "rollout",
    "vector",
]

_HOME = {
    "Challenge": "synthgym.registry.challenge",
    "ChallengeEnv": "synthgym.envs.env",
    "ChatAgent": "synthgym.agents.chat.agent",
    "Collection": "synthgym.registry.collections.collection",
    "HumanAgent": "synthgym.agents.human",
    "ScriptedAgent": "synthgym.agents.research.scripted",
    "Store": "synthgym.agents.trajectories.store",
    "Trajectory": "synthgym.agents.trajectories.trajectory",
    "load_challenge": "synthgym.registry.challenge",
    "register_mlgym": "synthgym.envs.mlgym.register",
    "rollout": "synthgym.agents.rollout",
    "vector": "synthgym.envs.vector.vector",
}


def register(path: Path | str, source: str | None = None, **options: str) -> list[str]:
    """Makes the challenges of a collection known to Gymnasium, in this process and in those that it starts afterwards.

    To have a collection known in every process, on every machine of a cluster, name it in the environment variable
    ``SYNTHGYM_COLLECTIONS`` there.

    Args:
        path: The collection's folder; or ``hf://user/name`` or ``hf://user/name@revision``, a dataset repository of
            the Hugging Face Hub, which is copied into the cache. A commit hash as revision stays what it is.
        source: A suite that an installed package can read; then the path is a checkout of it.
        options: For the suite.

    Returns:
        Ids for `gymnasium.make`: ``<namespace>/<challenge-id>-v<version>``.

    Raises:
        SpecError: The folder is no collection, or a spec in it is wrong; names file and field.
        UnknownNameError: No installed package can read such a suite.
        UserError: One of its ids is taken by another collection's challenge.
        HubRefused: The Hub does not give it: missing, private, gated.
        HubError: The Hub failed.
    """
    from synthgym.base.errors import UserError
    from synthgym.envs.registration import register_collection
    from synthgym.registry.collections.known import add_checkout, add_collection, drop_collection

    if source is not None:
        return register_collection(add_checkout(source, path, **options))
    if options:
        raise UserError(f"register: {', '.join(options)}: only with a source")
    index = add_collection(path)
    try:
        return register_collection(index)
    except UserError:
        drop_collection(index)
        raise


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(import_module(_HOME[name]), name)
    elif name == "errors":
        value = import_module("synthgym.errors")
    elif name == "__version__":
        from importlib.metadata import version

        value = version("synthgym")
    else:
        raise AttributeError(f"module 'synthgym' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})


_register_all()
