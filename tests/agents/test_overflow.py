"""What endpoints of many makes say when a conversation is too long, and what only sounds like it."""

from __future__ import annotations

from pathlib import Path

import pytest

from synthgym.agents.endpoint.complaints.overflow import is_overflow

PARTS = Path(__file__).parent / "parts"
SAID = (PARTS / "overflow.txt").read_text(encoding="utf-8").splitlines()
NOT = (PARTS / "no_overflow.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("text", SAID, ids=lambda text: text[:40])
def test_the_conversation_is_too_long(text: str) -> None:
    assert is_overflow(text)


@pytest.mark.parametrize("text", NOT, ids=lambda text: text[:40])
def test_other_trouble_is_not(text: str) -> None:
    assert not is_overflow(text)
