"""What was measured of challenges on this machine, by content hash: by verification, and at a first use."""

from __future__ import annotations

import json
import math
import os
import statistics
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from synthgym.base.paths import cache_dir
from synthgym.envs.reward import improvement
from synthgym.registry.challenge import Challenge

_FORMAT = 2
_SPREADS = 3.0  # three standard deviations are no accident
_LEAST_NOISE = 0.25  # of what scores vary by; with less, the starter's own luck is paid
_ROUNDING = 1e-6  # other versions of numerical libraries


@dataclass(frozen=True)
class Measurement:
    """Scores of a challenge's own programs.

    Attributes:
        scores: Of the untouched starter, on both halves and with all seeds.
        spread: By how much they vary, with the seed or with the rows that are hidden: a standard deviation.
        reference: Of the reference solution; None where it was not run.
    """

    scores: list[float]
    spread: float
    reference: float | None = None

    @property
    def starter(self) -> float:
        """The starter's score, on average."""
        return statistics.fmean(self.scores)


def of_verification(scores: Iterable[float], noise: float, reference: float) -> Measurement:
    """What verification measured. Its noise is as wide as several standard deviations."""
    return Measurement(list(scores), noise / _SPREADS, reference)


def recall(content_hash: str, data_hash: str) -> Measurement | None:
    """What was measured of the challenge with this content, on this data; None where nothing was."""
    try:
        data = json.loads(note_of(content_hash, data_hash).read_bytes())
        if data.pop("format") != _FORMAT:
            return None
        found = Measurement(**data)
        return found if math.isfinite(found.starter) and found.spread >= 0 else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def remember(content_hash: str, data_hash: str, measurement: Measurement) -> None:
    """Keeps a measurement, in the place of an earlier one."""
    file = note_of(content_hash, data_hash)
    temporary = file.with_name(f".{file.name}.{os.getpid()}.new")
    temporary.write_text(json.dumps({"format": _FORMAT, **asdict(measurement)}), encoding="utf-8")
    temporary.replace(file)


def differences(challenge: Challenge, found: Measurement) -> Iterator[str]:
    """Where the scores that a verified challenge states differ from what was measured, beyond noise.

    The untouched starter has to earn 0: all of its scores are within the stated noise of the stated baseline.
    """
    mean, best, noise = challenge.baseline.mean, challenge.reference.score, challenge.noise
    assert mean is not None
    assert best is not None
    assert noise is not None
    told = f"{found.starter:.6g} (± {found.spread:.2g})"
    farthest = max(found.scores, key=lambda score: abs(score - mean))
    if improvement(farthest, challenge):
        yield (
            f"states a baseline of {mean:.6g} with a noise of {noise:.2g}; its untouched starter scores {farthest:.6g} "
            "here"
        )
    elif (best - found.starter) * (best - mean) <= 0:
        yield f"states a reference of {best:.6g}; its untouched starter scores {told} here, which is as good"
    if noise < _LEAST_NOISE * found.spread:
        yield f"states a noise of {noise:.2g}; scores of its starter vary by {found.spread:.2g} here"
    slack = max(noise, _SPREADS * found.spread, _ROUNDING * max(1.0, abs(mean)))
    if found.reference is not None and abs(found.reference - best) > slack:
        yield f"states a reference of {best:.6g}; its reference solution scored {found.reference:.6g} here"


def note_of(content_hash: str, data_hash: str) -> Path:
    """The file that a measurement is kept in."""
    return cache_dir("measured") / f"{content_hash}-{data_hash}.json"
