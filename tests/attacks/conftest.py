from __future__ import annotations

from env_fixtures import backend, box, collection, make_env, open_box, shown_folder

__all__ = ["backend", "box", "collection", "make_env", "open_box", "shown_folder"]
