"""Makes `parts/` importable, here and in worker processes, and registers the toy environments."""

from __future__ import annotations

import sys
from pathlib import Path

import gymnasium
import pytest

PARTS = str(Path(__file__).parent / "parts")
if PARTS not in sys.path:
    sys.path.insert(0, PARTS)


@pytest.fixture(autouse=True)
def _toys() -> None:
    for name in ("one", "two"):
        if f"toy/{name}-v0" not in gymnasium.registry:
            gymnasium.register(id=f"toy/{name}-v0", entry_point="toy_env:ToyEnv", kwargs={"content_hash": "toyhash"})


@pytest.fixture(autouse=True)
def _no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
