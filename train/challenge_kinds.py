"""The kind of a challenge, such as a table or a game: the curriculum draws by it, and figures are told by it."""

from __future__ import annotations

from synthgym.registry.collections.known import known_collections

_KINDS = {"file": "table", "module": "game"}
"""How kinds of challenges are called by what is handed in."""


def kinds_of(env_ids: list[str]) -> dict[str, str]:
    """The kind of each challenge: ``table`` where predictions are handed in, ``game`` where it is a program."""
    found = {
        f"{index.namespace}/{entry.id}-v{entry.version}": _KINDS.get(entry.kind, entry.kind)
        for index in reversed(known_collections())  # as when they were registered, the first of a name keeps it
        for entry in index.entries
    }
    return {env_id: found.get(env_id, "other") for env_id in env_ids}
