"""What `info` tells, in one shape: at a reset, at every step, and at the last one.

Gymnasium's vectors put the infos of their environments together key by key, and the first value they meet decides what
the others must be: a dictionary's place can be taken by nothing else, and an array of plain numbers refuses None, or
silently cuts a fraction off. So a dictionary is always there, and a number that may be missing is of a kind of its own.
"""

from __future__ import annotations

from typing import Any


class _Float(float):
    """A float for which None may stand: Gymnasium makes arrays of numbers of the plain kinds only, else of objects."""


class _Int(int):
    """An int for which None may stand; see `_Float`."""


def optional(value: Any) -> Any:
    """The same value, such that in another environment, or in another step, there may be None in its place.

    Numbers stay numbers; those in a dictionary are treated alike.
    """
    if isinstance(value, dict):
        return {key: optional(item) for key, item in value.items()}
    if isinstance(value, int):
        return _Int(value)
    return _Float(value) if isinstance(value, float) else value


def submission_info(
    accepted: bool = False, score: float | None = None, improvement: float = 0.0, error: str | None = None
) -> dict[str, Any]:
    """What `info` tells of the last submission; by default, that there was none.

    Args:
        accepted: Whether it could be scored.
        score: Raw, on the half that counts.
        improvement: 0 without a score.
        error: Why it could not be scored.
    """
    return {"accepted": accepted, "score": optional(score), "improvement": float(improvement), "error": error}
