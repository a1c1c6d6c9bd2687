"""What was measured of challenges on this machine, by content hash: by verification, and at a first use."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from synthgym.base.paths import cache_dir
from synthgym.registry.challenge import Challenge

_FORMAT = 1
_SPREADS = 3.0  # three standard deviations are no accident
_LEAST_NOISE = 0.25  # of what scores vary by; with less, the starter's own luck is paid
_ROUNDING = 1e-6  # other versions of numerical libraries


@dataclass(frozen=True)
class Measurement:
    """Scores of a challenge's own programs.

    Attributes:
        starter: Of the untouched starter, on average over seeds.
        spread: By how much that varies, with the seed or with the rows that are hidden: a standard deviation.
        reference: Of the reference solution; None where it was not run.
        seeds: How often the starter was run.
    """

    starter: float
    spread: float
    reference: float | None = None
    seeds: int = 1


def of_verification(starter: float, noise: float, reference: float, seeds: int) -> Measurement:
    """What verification measured. Its noise is as wide as several standard deviations."""
    return Measurement(starter, noise / _SPREADS, reference, seeds)


def recall(content_hash: str) -> Measurement | None:
    """What was measured of the challenge with this content; None where nothing was."""
    try:
        data = json.loads(_file(content_hash).read_bytes())
        if data.pop("format") != _FORMAT:
            return None
        found = Measurement(**data)
        return found if math.isfinite(found.starter) and found.spread >= 0 else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def remember(content_hash: str, measurement: Measurement) -> None:
    """Keeps a measurement, in the place of an earlier one."""
    file = _file(content_hash)
    temporary = file.with_name(f".{file.name}.{os.getpid()}.new")
    temporary.write_text(json.dumps({"format": _FORMAT, **asdict(measurement)}), encoding="utf-8")
    temporary.replace(file)


def differences(challenge: Challenge, found: Measurement) -> Iterator[str]:
    """Where the scores that a verified challenge states differ from what was measured, beyond noise."""
    mean, best, noise = challenge.baseline.mean, challenge.reference.score, challenge.noise
    assert mean is not None
    assert best is not None
    assert noise is not None
    slack = max(noise, _SPREADS * found.spread, _ROUNDING * max(1.0, abs(mean)))
    told = f"{found.starter:.6g} (± {found.spread:.2g})"
    if abs(found.starter - mean) > slack:
        yield f"states a baseline of {mean:.6g} with a noise of {noise:.2g}; its untouched starter scores {told} here"
    elif (best - found.starter) * (best - mean) <= 0:
        yield f"states a reference of {best:.6g}; its untouched starter scores {told} here, which is as good"
    if noise < _LEAST_NOISE * found.spread:
        yield f"states a noise of {noise:.2g}; scores of its starter vary by {found.spread:.2g} here"
    if found.reference is not None and abs(found.reference - best) > slack:
        yield f"states a reference of {best:.6g}; its reference solution scored {found.reference:.6g} here"


def _file(content_hash: str) -> Path:
    return cache_dir("measured") / f"{content_hash}.json"
