"""Figures and long texts as people read them: in the report, and in sentences about a benchmark."""

from __future__ import annotations

from synthgym.train.evaluation.aup.tables import percent as signed_percent

_LONGEST_TEXT = 6_000


def number(value: float | None) -> str:
    """A figure short enough to read: three digits behind the point, fewer where they say nothing."""
    if value is None:
        return "–"
    if isinstance(value, int) or (float(value).is_integer() and abs(value) < 1e15):
        return f"{int(value):,}".replace("-", "−")
    text = (
        f"{value:,.3f}"
        if 0.01 <= abs(value) < 1000
        else f"{value:,.0f}"
        if 1000 <= abs(value) < 1e9
        else f"{value:.3g}"
    )
    return text.replace("-", "−")


def gain(value: float | None, digits: int = 2) -> str:
    """An improvement or a reward: two digits behind the point."""
    return "–" if value is None else f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")


def share(value: float) -> str:
    """A share, or a difference of shares, in percent."""
    return f"{round(100 * value):d}%".replace("-", "−")


def area(value: float) -> str:
    """An AUP."""
    return f"{value:.3f}"


def percent(value: float) -> str:
    """By what share something is above something else."""
    return signed_percent(value).replace("-", "−")


def cut(text: str, longest: int = _LONGEST_TEXT) -> str:
    """A long text without its middle, and what is missing said."""
    if len(text) <= longest:
        return text
    half = longest // 2
    return f"{text[:half]}\n\n… {len(text) - 2 * half:,} characters left out …\n\n{text[-half:]}"
