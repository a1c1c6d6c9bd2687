"""Makes `parts/` importable, and the endpoint that plays a model."""

from __future__ import annotations

import sys
from pathlib import Path

from env_fixtures import shown_folder

for folder in (Path(__file__).parent / "parts", Path(__file__).parent.parent / "agents" / "parts"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

__all__ = ["shown_folder"]
