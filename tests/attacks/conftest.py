from __future__ import annotations

from env_fixtures import (
    backend,
    box,
    collection,
    make_env,
    open_box,
    sandbox_name,
    sealed,
    shown_folder,
    swerex_server,
)

__all__ = [
    "backend",
    "box",
    "collection",
    "make_env",
    "open_box",
    "sandbox_name",
    "sealed",
    "shown_folder",
    "swerex_server",
]
