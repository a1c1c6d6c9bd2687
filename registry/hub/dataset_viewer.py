"""The Hub's dataset viewer: what configurations, splits, columns and first rows a dataset has, without downloading it.

It is a service beside the Hub, at ``https://datasets-server.huggingface.co`` or where `SYNTHGYM_DATASET_VIEWER` says.
It is asked without a key. What it does not answer stays unknown: it is never an error.
"""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from http.client import HTTPResponse
from typing import Any, NamedTuple

from synthgym.base.json_reading import parse_json
from synthgym.base.messages import logger

VIEWER_VARIABLE = "SYNTHGYM_DATASET_VIEWER"
DEFAULT_VIEWER = "https://datasets-server.huggingface.co"

log = logger(__name__)

_SECONDS, _LONGEST = 20, 60
"""Without a byte, and in all."""
_MOST_BYTES = 5 << 20
_MOST_ROWS = 5
_MOST_CHARACTERS = 200


class Look(NamedTuple):
    """What the viewer shows; None for what it does not.

    Attributes:
        configs: Names of the configurations.
        splits: Names of the splits of the first configuration.
        features: Names and types of the columns of its first split (of ``train`` if there is one).
        rows: A few of its first rows, long values cut.
    """

    configs: tuple[str, ...] | None = None
    splits: tuple[str, ...] | None = None
    features: dict[str, str] | None = None
    rows: tuple[dict[str, Any], ...] | None = None


def look(repo_id: str, revision: str) -> Look:
    """What the viewer knows of a dataset at a commit; nothing where it answers for another commit."""
    answer = _ask("splits", revision, dataset=repo_id)
    try:
        pairs = [(str(item["config"]), str(item["split"])) for item in answer["splits"]] if answer else []
    except (KeyError, TypeError):
        pairs = []
    if not pairs:
        return Look()
    configs = tuple(dict.fromkeys(config for config, _ in pairs))
    config = "default" if "default" in configs else configs[0]
    splits = tuple(split for each, split in pairs if each == config)
    split = "train" if "train" in splits else splits[0]
    rows = _ask("first-rows", revision, dataset=repo_id, config=config, split=split)
    try:
        features = {str(item["name"]): _type(item["type"]) for item in rows["features"]} if rows else None
        first = tuple(_cut(item["row"]) for item in rows["rows"][:_MOST_ROWS]) if rows else None
    except (KeyError, TypeError, AttributeError):
        features = first = None
    return Look(configs, splits, features, first)


def _ask(what: str, revision: str, **query: str) -> Any:
    """One answer of the viewer; None where it has none for this commit."""
    base = (os.environ.get(VIEWER_VARIABLE) or DEFAULT_VIEWER).rstrip("/")
    address = f"{base}/{what}?{urllib.parse.urlencode(query)}"
    if not address.startswith(("http://", "https://")):
        return None
    for attempt in range(2):
        try:
            with urllib.request.urlopen(address, timeout=_SECONDS) as response:
                if response.headers.get("X-Revision", revision) != revision:
                    log.info("the dataset viewer shows another commit of %s", query["dataset"])
                    return None
                return parse_json(_body(response), finite=False)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code < 500:  # it does not know the dataset, or limits the rate: what it says is a nicety
                return None
        except (OSError, ValueError) as error:
            log.info("the dataset viewer does not answer (attempt %d): %s", attempt + 1, type(error).__name__)
    return None


def _body(response: HTTPResponse) -> bytes:
    """The body of an answer, if it has an end.

    Raises:
        ValueError: It is too large, or goes on for too long.
    """
    until, body = time.monotonic() + _LONGEST, b""
    while part := response.read1(1 << 16):
        body += part
        if len(body) > _MOST_BYTES or time.monotonic() > until:
            raise ValueError("it does not end")
    return body


def _type(kind: Any) -> str:
    """The type of a column in a few words."""
    if not isinstance(kind, dict):
        return "list" if isinstance(kind, list) else str(kind)
    if isinstance(kind.get("names"), list):
        names = ", ".join(str(name) for name in kind["names"][:20])
        return f"{kind.get('_type', 'ClassLabel')} ({names}{', …' if len(kind['names']) > 20 else ''})"
    return str(kind.get("dtype") or kind.get("_type") or "unknown")


def _cut(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its long values cut; what is no plain value becomes text."""
    kept: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, bool | int | float) or value is None:
            kept[str(name)] = value
        else:
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            kept[str(name)] = text if len(text) <= _MOST_CHARACTERS else text[: _MOST_CHARACTERS - 1] + "…"
    return kept
