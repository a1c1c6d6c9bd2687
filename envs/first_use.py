"""The first use of a challenge that this machine did not verify: its scores are believed once its starter is measured.

A reward compares with a baseline and a reference that somebody else wrote down. Whoever invents them decides what an
agent earns for nothing. So the untouched starter is run once, in the sandbox that an agent would have, and what it
scores is kept by the challenge's content hash. The reference score stands unchecked where only that is known, but for
what cannot be: one that the starter reaches, or that is beyond the metric's optimum.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterable
from pathlib import Path

from synthgym.base.errors import BadSubmission, NotAsStated
from synthgym.base.locks import file_lock
from synthgym.base.paths import cache_dir
from synthgym.envs.file_grading import FileGrader
from synthgym.envs.measured import Measurement, differences, recall, remember
from synthgym.envs.sandboxes import open_sandbox
from synthgym.envs.sandboxes.base import Profile, Sandbox, Setup
from synthgym.envs.scoring import Grader
from synthgym.envs.starter import run_seeded
from synthgym.envs.workspace import Prepared
from synthgym.registry.challenge import SEEDS, Challenge
from synthgym.registry.check import number_problems
from synthgym.registry.index import SHIPPED

TRUST_VARIABLE = "SYNTHGYM_TRUST"
"""Environment variable: folders whose challenges' scores are believed as they are stated, or ``all``."""

_MOST_SAID = 800


def is_trusted(folder: Path) -> bool:
    """Whether a challenge's stated scores are believed: it is of the shipped collection, or the user says so."""
    places = [SHIPPED, *(Path(name).expanduser() for name in _trusted() if name != "all")]
    return "all" in _trusted() or any(folder.resolve().is_relative_to(place.resolve()) for place in places)


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
        with file_lock(cache_dir("measured") / f".{prepared.content_hash}.lock"):
            found = recall(prepared.content_hash) or _measure(challenge, folder, prepared, grader, sandbox, 1)
            wrong = list(differences(challenge, found))
            if wrong and found.seeds < SEEDS:
                found = _measure(challenge, folder, prepared, grader, sandbox, SEEDS)
                wrong = list(differences(challenge, found))
    if wrong:
        raise _not_as_stated(folder, "; ".join(wrong))


def _not_as_stated(folder: Path, what: str) -> NotAsStated:
    return NotAsStated(
        f"{folder}: not verified on this machine, and {what}. Measure it yourself with: synthgym verify {folder}. To "
        f"take its scores as they are: gymnasium.make(…, trust=True), or the environment variable {TRUST_VARIABLE}"
    )


def _measure(
    challenge: Challenge, folder: Path, prepared: Prepared, grader: Grader, sandbox: str, seeds: int
) -> Measurement:
    """Runs the starter with the seeds 0, 1, … and scores what it leaves on both halves; keeps what came of it."""
    setup = Setup(Profile.agent(challenge.budget), prepared.workspace, image=challenge.image)
    box = open_sandbox(sandbox, setup)
    try:
        submissions = [_submission(challenge, folder, box, seed) for seed in range(seeds)]
    finally:
        box.close()
    scores, spreads = [], [0.0]
    for data in submissions:
        try:
            halves = [grader.grade(data, phase) for phase in ("validate", "final")]
        except BadSubmission as error:
            raise _not_as_stated(folder, f"what its untouched starter leaves is no submission: {error}") from error
        scores.append(statistics.fmean(half.value for half in halves))
        spreads.append(abs(halves[0].value - halves[1].value) / 2)
        spreads += [half.sd for half in halves if half.sd is not None]
    if isinstance(grader, FileGrader):
        spreads += _sampling(grader, submissions[:1])
    if seeds > 1:
        spreads.append(statistics.stdev(scores))
    measurement = Measurement(statistics.fmean(scores), max(spreads), seeds=seeds)
    remember(prepared.content_hash, measurement)
    return measurement


def _sampling(grader: FileGrader, submissions: Iterable[bytes]) -> list[float]:
    return [grader.sampling_sd(data, phase) for data in submissions for phase in ("validate", "final")]


def _submission(challenge: Challenge, folder: Path, box: Sandbox, seed: int) -> bytes:
    command, path = challenge.baseline.command, challenge.submission.path
    box.start()
    result = run_seeded(challenge, box, command, seed)
    if result.returncode != 0:
        how = f"exceeded its {result.timeout} time" if result.timeout else f"exit code {result.returncode}"
        said = result.text[-_MOST_SAID:].strip()
        raise _not_as_stated(folder, f"its untouched starter, {command!r}, fails ({how}): {said}")
    try:
        return box.read(path, challenge.submission.max_bytes)
    except BadSubmission as error:
        raise _not_as_stated(folder, f"its untouched starter leaves no submission: {error}") from error
