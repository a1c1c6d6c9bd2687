"""What was measured of challenges on this machine, by content hash: by verification, and at a first use."""

from __future__ import annotations

import itertools
import json
import math
import statistics
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from synthgym.base.errors import FileError
from synthgym.base.files.outputs import write_whole
from synthgym.base.files.paths import cache_dir
from synthgym.base.json_reading import read_object
from synthgym.envs.measuring.noise import LEAST_SHARE
from synthgym.envs.reward import improvement
from synthgym.registry.challenge import Challenge

_FORMAT = 5  # earlier ones were measured in workspaces with what a content hash does not cover
_AGREES = 0.5  # of the noise that was measured: how far a mean may be from it; other versions of libraries change less
_TIMES = 2.0  # between a noise that is stated and one that was measured as verification does
_TIMES_UNKNOWN = (
    30.0  # where only the starter was run: with one answer for all rows it has hardly any, the reference has
)
_ROUNDING = 1e-6  # other versions of numerical libraries


@dataclass(frozen=True)
class Measurement:
    """Scores of a challenge's own programs.

    Attributes:
        scores: Of the untouched starter, on both halves and with all seeds.
        noise: See `synthgym.envs.measuring.noise`; where the reference was not run, what the starter says of it.
        again: Of the starter when it is run again and again in one workspace.
        given: Of a submission that lies in the workspace before anything is run; none where none does.
        beside: Of other files of the workspace, by path, where they can be handed in.
        reference: Of the reference solution; None where it was not run.
    """

    scores: list[float]
    noise: float
    again: list[float] = field(default_factory=list)
    given: list[float] = field(default_factory=list)
    beside: dict[str, list[float]] = field(default_factory=dict)
    reference: float | None = None

    @property
    def starter(self) -> float:
        """The starter's score, on average."""
        return statistics.fmean(self.scores)


def recall(content_hash: str, data_hash: str) -> Measurement | None:
    """What was measured of the challenge with this content, on this data; None where nothing was."""
    try:
        data = read_object(note_of(content_hash, data_hash))
        if data.pop("format") != _FORMAT:
            return None
        found = Measurement(**data)
        return found if _is_sound(found) else None
    except (OSError, FileError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _is_sound(found: Measurement) -> bool:
    """Whether a note holds numbers where they should be: it lay in a folder that others may write."""
    lists = [found.scores, found.again, found.given, *found.beside.values()]
    numbers = [found.noise, *([] if found.reference is None else [found.reference]), *itertools.chain(*lists)]
    numeric = all(isinstance(each, int | float) and not isinstance(each, bool) for each in numbers)
    return numeric and math.isfinite(found.starter) and found.noise >= 0


def remember(content_hash: str, data_hash: str, measurement: Measurement) -> None:
    """Keeps a measurement, in the place of an earlier one."""
    text = json.dumps({"format": _FORMAT, **asdict(measurement)})
    write_whole(note_of(content_hash, data_hash), text)


def differences(challenge: Challenge, found: Measurement) -> Iterator[str]:
    """Where the scores that a verified challenge states differ from what was measured, beyond noise.

    The untouched starter has to earn 0: all of its scores are within the stated noise of the stated baseline. And what
    is stated is held against the noise that was measured: whoever invents scores can state any.
    """
    mean, best, noise = challenge.baseline.mean, challenge.reference.score, challenge.noise
    assert mean is not None
    assert best is not None
    assert noise is not None
    here = max(found.noise, LEAST_SHARE * abs(best - found.starter), _ROUNDING * max(1.0, abs(found.starter)))
    farthest = max([*found.scores, *found.again], key=lambda score: abs(score - mean))
    if improvement(farthest, challenge):
        yield (
            f"states a baseline of {mean:.6g} with a noise of {noise:.2g}; its untouched starter scores {farthest:.6g} "
            "here"
        )
    elif (best - found.starter) * (best - mean) <= 0:
        yield f"states a reference of {best:.6g}; its untouched starter scores {found.starter:.6g} here: as good"
    elif abs(found.starter - mean) > _AGREES * here:
        yield (
            f"states a baseline of {mean:.6g}; its untouched starter scores {found.starter:.6g} here on average, where "
            f"the noise is {here:.2g}"
        )
    if given := [score for score in found.given if improvement(score, challenge)]:
        yield (
            f"a submission lies in its workspace before anything is run, and scores {given[0]:.6g} here, which is not "
            f"within the noise of its baseline {mean:.6g}"
        )
    for name, scores in found.beside.items():
        if pays := [score for score in scores if improvement(score, challenge) > 0]:
            yield f"{name!r} lies in its workspace, and scores {pays[0]:.6g} here when it is handed in"
    times = _TIMES if found.reference is not None else _TIMES_UNKNOWN
    if not here / _TIMES <= noise <= here * times:
        yield f"states a noise of {noise:.2g}; it is {here:.2g} here"
    if found.reference is not None and abs(found.reference - best) > _AGREES * here:
        yield f"states a reference of {best:.6g}; its reference solution scored {found.reference:.6g} here"


def note_of(content_hash: str, data_hash: str) -> Path:
    """The file that a measurement is kept in."""
    return cache_dir("measured") / f"{content_hash}-{data_hash}.json"
