"""Keys of endpoints: the user's own, and those of the servers that this process has started, by their base URLs.

The latter are in an environment variable too, so that worker processes know them; sandboxes are given no variable of
this process.
"""

from __future__ import annotations

import json
import os
import threading

from synthgym.base.json_reading import parse_json

KEY_VARIABLE = "OPENAI_API_KEY"
"""Where the key of an endpoint comes from that is not ours; it is sent to whoever was named, who may repeat it."""

KEYS_VARIABLE = "SYNTHGYM_ENDPOINT_KEYS"
"""Environment variable with the keys of our own, as JSON: a base URL's key by the URL."""

_lock = threading.Lock()


def add_key(base_url: str, key: str) -> None:
    """From now on calls to this endpoint carry this key, also those of processes that are started later."""
    with _lock:
        _write({**own_keys(), base_url.rstrip("/"): key})


def forget_key(base_url: str) -> None:
    """The endpoint is gone."""
    with _lock:
        keys = own_keys()
        keys.pop(base_url.rstrip("/"), None)
        _write(keys)


def key_for(base_url: str | None) -> str | None:
    """The key for calls to an endpoint: of our own server, else the user's; None if there is none."""
    own = own_keys().get((base_url or "").rstrip("/"))
    return own or os.environ.get(KEY_VARIABLE)


def own_keys() -> dict[str, str]:
    """All keys of endpoints of our own, by base URL."""
    try:
        keys = parse_json(os.environ.get(KEYS_VARIABLE) or "{}")
    except ValueError:
        return {}
    return keys if isinstance(keys, dict) else {}


def _write(keys: dict[str, str]) -> None:
    if keys:
        os.environ[KEYS_VARIABLE] = json.dumps(keys)
    else:
        os.environ.pop(KEYS_VARIABLE, None)
