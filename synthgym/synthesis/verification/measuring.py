"""Scores of a challenge's starter and reference solution on both hidden halves, run in the agent's own sandbox."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from synthgym.base.errors import BadSubmission
from synthgym.envs.grading.file_grader import FileGrader
from synthgym.envs.grading.module_grader import ModuleGrader
from synthgym.envs.grading.scoring import Grader
from synthgym.envs.measuring.measured import Measurement
from synthgym.envs.measuring.noise import module_sampling, noise_of, table_sampling
from synthgym.envs.measuring.starter import run_own, start_seeded
from synthgym.envs.measuring.untouched import (
    RUNS,
    Once,
    OtherLuck,
    play_untouched,
    score_handed_over,
    score_lying_about,
)
from synthgym.envs.reward import improvement
from synthgym.envs.sandboxes.base import CommandResult, Sandbox
from synthgym.envs.workspace import Prepared
from synthgym.registry.challenge import SEEDS, Challenge
from synthgym.registry.metrics import LARGEST
from synthgym.registry.sealing import is_hashed, is_sealed
from synthgym.synthesis.report import CheckFailed, Report
from synthgym.synthesis.verification.failures import MOST_OUTPUT, cause_of

STARTER_SHARE = 0.5
"""Share of an episode's CPU time that these runs may use together: an agent can run the starter ten times, then."""

REPEATS_WITHIN = 0.1
"""Share of the noise by which the starter's score may change when it is run again with the same seed: what changes more
could leave the noise some day, and pay or fine an agent that changed nothing."""


@dataclass(frozen=True)
class Scores:
    """What one submission scored.

    Attributes:
        validate: On the half that is told.
        final: On the half that counts.
        submission: The submission.
        sd: Their sampling error, where the grader states it.
    """

    validate: float
    final: float
    submission: bytes
    sd: float | None = None

    @property
    def mean(self) -> float:
        """Over both halves."""
        return (self.validate + self.final) / 2


@dataclass(frozen=True)
class Measured:
    """What starter and reference scored.

    Attributes:
        starter: One for each seed.
        reference: The reference's.
        noise: See `synthgym.envs.measuring.noise`.
        given: What a submission scores that lies in the workspace before anything is run; none where none does.
        beside: What other files of the workspace score, by path, where they can be handed in.
    """

    starter: list[Scores]
    reference: Scores
    noise: float
    given: list[float] = field(default_factory=list)
    beside: dict[str, list[float]] = field(default_factory=dict)

    @property
    def scores(self) -> list[float]:
        """The starter's on the half that counts."""
        return [each.final for each in self.starter]

    @property
    def validation_scores(self) -> list[float]:
        """The starter's on the half that is told."""
        return [each.validate for each in self.starter]

    @property
    def mean(self) -> float:
        """The baseline."""
        return statistics.fmean([*self.scores, *self.validation_scores])

    @property
    def measurement(self) -> Measurement:
        """What is kept of it on this machine."""
        scores = [*self.scores, *self.validation_scores]
        return Measurement(scores, self.noise, given=self.given, beside=self.beside, reference=self.reference.mean)

    @property
    def sd(self) -> float:
        """Standard deviation over seeds, on the half where it is larger."""
        return max(statistics.stdev(self.scores), statistics.stdev(self.validation_scores))


def check_scores(
    challenge: Challenge, prepared: Prepared, grader: FileGrader | ModuleGrader, box: Sandbox, report: Report
) -> Measured:
    """Scores of starter and reference, if they can be reckoned with: how large they are is the challenge's doing.

    Raises:
        CheckFailed: See `measure`; or they are too large, or vary so much.
    """
    try:
        measured = measure(challenge, prepared, grader, box, report)
        found = {
            "baseline": measured.mean,
            "sd": measured.sd,
            "noise": measured.noise,
            "reference": measured.reference.mean,
        }
        too_large = not all(abs(value) <= LARGEST for value in found.values())  # also what is no number
    except OverflowError:
        too_large = True
    if too_large:
        raise CheckFailed(
            "grader", f"starter or reference score beyond {LARGEST:g}, or vary so much: that cannot be compared"
        )
    report.measured = found
    return measured


def measure(
    challenge: Challenge, prepared: Prepared, grader: FileGrader | ModuleGrader, box: Sandbox, report: Report
) -> Measured:
    """Runs the starter with each seed, and the reference solution; each from a fresh workspace.

    Raises:
        CheckFailed: One fails or leaves no submission; or the starter takes so long that an episode is over after a
            few runs, or scores something else when it is run again with the same seed.
    """
    starter = _measure_starter(challenge, grader, box, report)
    reference = _measure_reference(challenge, prepared, grader, box, report)
    sampling = max(_sampling(grader, starter[-1]), _sampling(grader, reference))
    noise = noise_of([each.validate for each in starter], [each.final for each in starter], sampling, reference.mean)
    measured = Measured(starter, reference, noise)
    report.require(
        "repeatable",
        grader.grade(starter[0].submission, "validate").value == starter[0].validate,
        "two gradings of the starter differ",
    )
    once = Once(grader)
    measured = replace(
        measured,
        given=score_handed_over(challenge, once, box),
        beside=score_lying_about(challenge, once, prepared.workspace),
    )
    _require_nothing_given(challenge, report, measured)
    _require_floor(challenge, once, box, report, measured)
    return measured


def filled_in(challenge: Challenge, measured: Measured) -> Challenge:
    """The challenge with what was measured in it."""
    baseline = {
        "scores": measured.scores,
        "validation_scores": measured.validation_scores,
        "mean": measured.mean,
        "sd": measured.sd,
    }
    best = {"score": measured.reference.mean, "by": challenge.reference.by or challenge.provenance.author}
    return challenge.model_copy(
        update={
            "baseline": challenge.baseline.model_copy(update=baseline),
            "noise": measured.noise,
            "reference": challenge.reference.model_copy(update=best),
        }
    )


def _measure_starter(
    challenge: Challenge, grader: FileGrader | ModuleGrader, box: Sandbox, report: Report
) -> list[Scores]:
    found: list[Scores] = []
    seconds = 0.0
    for seed in range(SEEDS):
        start_seeded(box, seed)
        seconds += _run(challenge, box, "baseline", challenge.baseline.command).cpu_seconds
        found.append(_graded(challenge, OtherLuck(grader, seed), box, "baseline", found))
    report.passed.append("baseline")
    allowed = STARTER_SHARE * challenge.budget.episode_cpu_seconds
    report.require(
        "slow",
        seconds <= allowed,
        f"{SEEDS} runs of {challenge.baseline.command!r} used {seconds:.1f} CPU seconds, expected at most {allowed:g}, "
        f"{STARTER_SHARE:.0%} of budget.episode_cpu_seconds: an agent has to run it again and again",
    )
    return found


def _measure_reference(
    challenge: Challenge, prepared: Prepared, grader: FileGrader | ModuleGrader, box: Sandbox, report: Report
) -> Scores:
    root = prepared.grader / "reference"
    if is_sealed(prepared.grader.parent) and not root.is_dir():
        raise CheckFailed("reference", f"{root} was left out where the challenge was published; verify it where it is")
    start_seeded(box, 0)
    for file in sorted(path for path in root.rglob("*") if path.is_file()):
        if is_hashed(name := file.relative_to(root)):
            box.write(name.as_posix(), file.read_bytes())
    _run(challenge, box, "reference", challenge.reference.command)
    found = _graded(challenge, grader, box, "reference", [])
    report.passed.append("reference")
    return found


def _require_nothing_given(challenge: Challenge, report: Report, measured: Measured) -> None:
    """Whoever runs nothing, and hands in what lies in the workspace already, earns nothing."""
    stated = filled_in(challenge, measured)
    paid = [score for score in measured.given if improvement(score, stated)]
    report.require(
        "floor",
        not paid,
        f"{challenge.submission.path!r} lies in the workspace before anything is run and scores "
        f"{', '.join(f'{score:.6g}' for score in measured.given)}, which is not within {measured.noise:g} of the "
        f"baseline {measured.mean:.6g}: an agent that hands it in as it is would be paid or fined. Leave it out, or "
        "let it be what the starter leaves",
    )
    for name, scores in measured.beside.items():
        report.require(
            "floor",
            not any(improvement(score, stated) > 0 for score in scores),
            f"{name!r} lies in the workspace, and scores {', '.join(f'{score:.6g}' for score in scores)} when it is "
            f"handed in as {challenge.submission.path!r}: a copy would be paid. The baseline is {measured.mean:.6g}",
        )


def _require_floor(challenge: Challenge, once: Once, box: Sandbox, report: Report, measured: Measured) -> None:
    """Who changes nothing earns nothing, in an episode; and the starter scores with one seed what it did before."""
    command, first = challenge.baseline.command, measured.starter[0]
    played = play_untouched(filled_in(challenge, measured), once, box, seed=0, runs=RUNS)
    report.require("floor", not played.trouble, f"in an episode, {played.trouble}")
    *validations, final = [event.score for event in played.events if event.score is not None]
    slack = REPEATS_WITHIN * measured.noise
    again = validations[0] if validations else first.validate
    report.require(
        "floor",
        abs(again - first.validate) <= slack,
        f"{command!r} run twice with SEED=0 scored {first.validate:.6g} and {again:.6g} on the half that is told: "
        "everything random must take its seed from the environment variable SEED, and nothing may depend on the clock, "
        "or on who runs it",
    )
    report.require(
        "floor",
        max(abs(final - first.final), *(abs(score - first.validate) for score in validations)) <= slack
        and not played.paid,
        f"{command!r} run {RUNS} times in one workspace with SEED=0 scored "
        f"{', '.join(f'{score:.6g}' for score in validations)} on the half that is told, and in the end "
        f"{final:.6g} on the one that counts, where it scored {first.final:.6g} at first: each has to stay the same, "
        f"to {slack:.2g}, and within {measured.noise:g} of the baseline {measured.mean:.6g}. A starter begins anew, "
        "whatever it left, and takes nothing from the clock",
    )


def _graded(challenge: Challenge, grader: Grader, box: Sandbox, check: str, before: Sequence[Scores]) -> Scores:
    """The scores of what was left. Where it is the same again, and luck has no part in it, gradings are saved."""
    try:
        data = box.read(challenge.submission.path, challenge.submission.max_bytes)
        if before and data == before[-1].submission and (challenge.submission.kind == "file" or _no_luck(before)):
            return before[-1]
        validate, final = grader.grade(data, "validate"), grader.grade(data, "final")
        stated = [score.sd for score in (validate, final) if score.sd is not None]
        return Scores(validate.value, final.value, data, max(stated, default=None))
    except BadSubmission as error:
        command = challenge.baseline.command if check == "baseline" else challenge.reference.command
        raise CheckFailed(check, f"what the {check}, {command!r}, left is no submission: {error}") from error


def _no_luck(before: Sequence[Scores]) -> bool:
    """Whether a module scored the same on both halves when it was graded with other luck."""
    return len(before) > 1 and before[-1] == before[-2]


def _sampling(grader: FileGrader | ModuleGrader, found: Scores) -> float:
    if isinstance(grader, FileGrader):
        return table_sampling(grader, found.submission)
    return found.sd if found.sd is not None else module_sampling(grader, found.submission)


def _run(challenge: Challenge, box: Sandbox, check: str, command: str) -> CommandResult:
    if not command:
        raise CheckFailed(check, f"challenge.yaml has no {check}.command")
    result = run_own(challenge, box, command)
    if result.returncode != 0:
        cause, how = cause_of(result, check)
        output = result.text[-MOST_OUTPUT:].strip()
        seed = box.setup.env["SEED"]
        raise CheckFailed(cause, f"the {check}, {command!r} with SEED={seed}, failed ({how}): {output}")
    return result
