"""The table of all checks: in their order, with the function of each, and the names under which challenges fail it.

A new check is a function and a row here; see `synthgym.synthesis.verification.check`. The table of checks in
`docs/guides/challenges.md` is made of this one, by `scripts/check_table.py`.
"""

from __future__ import annotations

from synthgym.synthesis.leaks.leaks import check_instances, check_leaks, check_sandbox
from synthgym.synthesis.verification.check import Check, Step
from synthgym.synthesis.verification.difficulty import check_by_agent
from synthgym.synthesis.verification.filters import check_target, check_worth
from synthgym.synthesis.verification.grader_checks import check_file_grader, check_irregular_files, check_module_grader
from synthgym.synthesis.verification.measuring import check_scores
from synthgym.synthesis.verification.preparing import check_label_size, check_prepare
from synthgym.synthesis.verification.repeatable import check_repeatable
from synthgym.synthesis.verification.spec_checks import check_metric, check_overlap, check_spec

CHECKS = (
    Check(
        check_spec,
        {
            "spec": "a field of `challenge.yaml` is missing, unknown or wrong (also: no finite number, control "
            "characters in a name, a number of columns that the metric does not take); a Hugging Face dataset has no "
            "pinned revision",
            "layout": "a file that every challenge has, or a data file of its own that the spec lists, is missing; a "
            "grader has more than 50 Python files, one of more than 256 KiB or one that is none; there are links (also "
            "beside the challenges), names of more than plain text, more than 10,000 files, 1 GiB or 30 folders in "
            "each other",
            "budget": "the challenge asks for more than this machine gives; see below",
        },
        also=("metric", "prepare", "grader"),
        step="read",
        gives=("challenge",),
    ),
    Check(
        check_metric,
        {"metric": "the metric's name is unknown, or `metric.direction` is not that metric's (kind `file`)"},
        step="read",
    ),
    Check(
        check_overlap,
        {
            "contaminated": "it overlaps with tasks of a suite that agents are compared on: the data set's name, or "
            "the words of title, description or topic; or with a held-out challenge that passed: the same data and "
            "target, or four fifths of the description's three-word sequences"
        },
        step="read",
    ),
    Check(
        check_prepare,
        {
            "prepare": "`prepare.py` fails or takes too long, leaves something else than files and folders, fewer than "
            "200 hidden rows or more than 2,000,000 labels, files that cannot be looked through in 300 CPU seconds and "
            "4 GB of memory, or labels that are no perfect submission, larger than 1e100 or, for a metric of "
            "probabilities or of their ranks, neither 0 nor 1"
        },
        also=("spec", "network", "outside", "memory"),
        gives=("prepared", "grader"),
    ),
    Check(
        check_repeatable,
        {
            "not repeatable": "`prepare.py` made something else when it ran again; the first byte that differs is "
            "named. What is other then stands above"
        },
    ),
    Check(check_label_size, {}, also=("prepare",), kind="file", gives=("hidden",)),
    Check(
        check_target,
        {"constant target": "the hidden labels, or the target in a table to learn from, have one value only"},
        kind="file",
        isolated=True,
    ),
    Check(
        check_leaks,
        {"leaky": "hidden labels can be had without predicting them; see below"},
        kind="file",
        isolated=True,
    ),
    Check(check_instances, {}, also=("leaky",), kind="module", isolated=True),
    Check(check_sandbox, {"grader files absent": "a file of the grader is in the agent's sandbox"}),
    Check(
        check_scores,
        {
            "baseline, reference": "the command fails, or leaves no valid submission",
            "network": "`prepare.py`, baseline or reference failed because it wanted the network",
            "outside": "one of them failed because it wanted to write outside of the workspace",
            "memory": "one of them failed for want of memory: it says so, or one of its programs was killed, as the "
            "kernel does then. Where the shell was killed with it, nothing is said of memory",
            "slow": "baseline or reference used more than `command_cpu_seconds`; or the five runs of the baseline used "
            "more than half of `episode_cpu_seconds`: an agent should be able to run the starter at least ten times",
            "floor": "the starter scores otherwise when it is run again with the same seed, in an episode, or up to "
            "the fourth time in one workspace: it has randomness that no seed decides, or goes on from what it left; "
            "or what is handed over holds a submission that scores otherwise than the starter, beyond the noise, on "
            "either half, or another of its files (the first 1,000 are tried, and not those of challenges that take "
            "modules) that pays when it is copied to the submission's place",
        },
        also=("repeatable", "grader"),
        gives=("measured",),
    ),
    Check(
        check_irregular_files,
        {"symbolic link, folder, fifo, missing, too large": "a submission that is one of these is read"},
    ),
    Check(
        check_file_grader,
        {
            "perfect, repeatable, permuted, constant": "tables: the labels do not reach the optimum, two gradings "
            "differ, permuted labels or a constant score as well as the labels",
            "empty, header only, not a number, infinite, too short, too long, wrong columns, extra column, ragged, "
            "binary": "tables: such a table is scored",
        },
        also=("grader",),
        kind="file",
    ),
    Check(
        check_module_grader,
        {
            "repeatable, printed score": "modules: two gradings differ, or the score changes with what the module "
            "prints",
            "empty, exits": "modules: one that holds nothing, or ends its process, is scored",
            "no answer, odd answer": "modules: one that always answers `None`, or a text that is no move, beats the "
            "reference",
        },
        also=("grader",),
        kind="module",
    ),
    Check(
        check_worth,
        {
            "trivial": "the baseline is within twice the noise of the metric's optimum; or the best answer for all "
            "rows (a label, the mean, the median, a quantile, the shares of the classes) is within the noise of the "
            "reference",
            "impossible": "the reference is no better than the baseline",
            "noisy": "it is, but by no more than twice the noise",
        },
    ),
    Check(
        check_by_agent,
        {
            "agent check": "the environment broke down while an agent tried it (`synthgym verify --attempts K --agent "
            "SPEC`)"
        },
        step="try",
        gives=("filled",),
    ),
)
"""Every check, in the order in which they are done; the first that fails ends a verification."""

OF_NO_CHECK = {
    "grader": "`evaluate.py` breaks or gives no score, also for a module whose answers make no sense; or what it gives "
    "is no number; or scores vary beyond 1e100. A score that is infinite, no number or beyond 1e100 is a submission's "
    "that cannot be scored, and fails `baseline` or `reference`",
    "sandbox": "the challenge's code brought its sandbox down, twice, while an empty one works; or its image is not on "
    "this machine",
    "unexpected": "verification itself broke on it: a fault of synthgym's, which costs this challenge only; please "
    "report it",
}
"""Names under which a challenge fails whatever is being checked, and when it does."""


def checks_of(step: Step, kind: str | None = None) -> list[Check]:
    """The checks of a step, in their order, that are done of challenges of a kind of submission."""
    return [check for check in CHECKS if check.step == step and check.kind in (None, kind)]
