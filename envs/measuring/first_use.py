"""The first use of a challenge that this machine did not verify: its scores are believed once its starter is measured.

A reward compares with a baseline and a reference that somebody else wrote down. Whoever invents them decides what an
agent earns for nothing. So episodes are played in which nothing is changed, one for each seed; they have to earn 0. So
has a submission that lies in the workspace before. What they score is kept by the hashes of the challenge's content and
of its data. The reference score stands unchecked where only that is known, but for what cannot be: one that the starter
reaches, or that is beyond the metric's optimum.
"""

from __future__ import annotations

import os
import statistics
from pathlib import Path

from synthgym.base.errors import NotAsStated
from synthgym.base.files.locks import file_lock
from synthgym.base.files.paths import cache_dir
from synthgym.envs.grading.scoring import Grader
from synthgym.envs.measuring.measured import Measurement, differences, recall, remember
from synthgym.envs.measuring.noise import noise_of, sampling_of
from synthgym.envs.measuring.untouched import (
    RUNS,
    Once,
    OtherLuck,
    play_untouched,
    score_handed_over,
    score_lying_about,
)
from synthgym.envs.sandboxes import open_sandbox
from synthgym.envs.sandboxes.base import Profile, Setup
from synthgym.envs.workspace import Prepared
from synthgym.registry.challenge import SEEDS, Challenge
from synthgym.registry.collections.index import SHIPPED
from synthgym.registry.collections.unpack import has_folder
from synthgym.registry.spec_check import number_problems

TRUST_VARIABLE = "SYNTHGYM_TRUST"
"""Environment variable: folders and packs whose challenges' scores are believed as they are stated, or ``all``."""


def is_trusted(folder: Path) -> bool:
    """Whether a challenge's stated scores are believed: it is of the shipped collection, or the user says so."""
    places = [SHIPPED, *(Path(name).expanduser() for name in _trusted() if name != "all")]
    return "all" in _trusted() or any(has_folder(place, folder) for place in places)


def _trusted() -> list[str]:
    return [name for name in os.environ.get(TRUST_VARIABLE, "").split(os.pathsep) if name]


def confirm(challenge: Challenge, folder: Path, prepared: Prepared, grader: Grader, sandbox: str) -> None:
    """Compares what a challenge states with what its starter scores here: measured now, or known.

    Raises:
        NotAsStated: They differ beyond noise; or the starter does not run.
        SandboxError: Its sandbox died.
        GraderError: The grader failed.
    """
    wrong = list(number_problems(challenge))
    if not wrong:
        names = prepared.content_hash, prepared.data_hash
        with file_lock(cache_dir("measured") / f".{prepared.content_hash}.lock"):
            found = recall(*names)
            if found is None:
                found = _measure(challenge, folder, prepared, grader, sandbox)
                remember(*names, found)
        wrong = list(differences(challenge, found))
    if wrong:
        raise _not_as_stated(challenge, folder, prepared, "; ".join(wrong))


def _not_as_stated(challenge: Challenge, folder: Path, prepared: Prepared, what: str) -> NotAsStated:
    verified = challenge.provenance.data_hash
    other = "; and its prepare.py made other data here than was verified" * (verified not in ("", prepared.data_hash))
    return NotAsStated(
        f"{folder}: the scores that it states are not believed here: {what}{other}. Measure it yourself with: synthgym "
        f"verify {folder}. To take its scores as they are: gymnasium.make(…, trust=True), or the environment variable "
        f"{TRUST_VARIABLE}"
    )


def _measure(challenge: Challenge, folder: Path, prepared: Prepared, grader: Grader, sandbox: str) -> Measurement:
    """Plays episodes that change nothing, one for each seed that an episode may have."""
    setup = Setup(Profile.agent(challenge.budget), prepared.workspace, image=challenge.image)
    box = open_sandbox(sandbox, setup)
    once = Once(grader)
    told: list[float] = []
    again: list[float] = []
    final: list[float] = []
    try:
        given = score_handed_over(challenge, once, box)
        beside = score_lying_about(challenge, once, prepared.workspace)
        for seed in range(SEEDS):
            graded = Once(OtherLuck(grader, seed)) if seed else once
            played = play_untouched(challenge, graded, box, seed, runs=1 if seed else RUNS)
            if played.trouble:
                raise _not_as_stated(challenge, folder, prepared, played.trouble)
            *shown, last = [event.score for event in played.events if event.score is not None]
            told.append(shown[0] if shown else last)  # it may hand itself in
            again += shown[1:]
            final.append(last)
    finally:
        box.close()
    scores = [*told, *final]
    # Where the reference is not run, no more of the noise can be told than what the starter says of it.
    noise = noise_of(told, final, sampling_of(grader, played.submission), statistics.fmean(scores))
    return Measurement(scores, noise, again, given, beside)
