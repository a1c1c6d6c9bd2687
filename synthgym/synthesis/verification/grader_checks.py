"""Properties every grader must have, tried with submissions that nobody would hand in by accident."""

from __future__ import annotations

from collections import Counter

import numpy as np

from synthgym.base.errors import BadSubmission
from synthgym.envs.grading.file_grader import FileGrader
from synthgym.envs.grading.module_grader import ModuleGrader
from synthgym.envs.grading.submission import are_texts
from synthgym.envs.sandboxes.base import Limits, Sandbox
from synthgym.envs.workspace import Prepared
from synthgym.registry.challenge import Challenge
from synthgym.registry.csv_table import csv_rows, csv_text
from synthgym.synthesis.report import Report
from synthgym.synthesis.verification.measuring import Measured

_TOLERANCE = 1e-9
_LOTS = 2.0  # of the noise: between two scores that are each within it
_LIMITS = Limits(cpu_seconds=10, wall_seconds=30)

# Behind a starter: whatever the scorer calls answers the same.
_ANSWERING = """

for _name, _value in list(globals().items()):
    if callable(_value) and getattr(_value, "__module__", None) == __name__:
        globals()[_name] = lambda *given, **named: {answer}
"""


def check_file_grader(report: Report, grader: FileGrader, prepared: Prepared) -> None:
    """A perfect table reaches the optimum, worse ones score worse, malformed ones are refused.

    Raises:
        CheckFailed: One of these does not hold.
    """
    labels = (prepared.private / "labels.csv").read_bytes()
    header, *body = csv_rows(labels)
    kind, metric = grader.metric.kind, grader.metric
    for phase in ("validate", "final"):
        perfect = grader.grade(labels, phase).value
        report.require(
            "perfect",
            abs(perfect - metric.optimum) <= _TOLERANCE * max(1.0, abs(metric.optimum)),
            f"the labels themselves score {perfect:g} on the {phase} half, expected the optimum {metric.optimum:g}",
        )
        report.require(
            "repeatable", perfect == grader.grade(labels, phase).value, "two gradings of the same table differ"
        )
        order = np.random.default_rng(0).permutation(len(body))
        worse = {"permuted": [body[int(index)] for index in order], "constant": [_constant(body, kind)] * len(body)}
        for name, rows in worse.items():
            try:
                value = grader.grade(_table(header, rows), phase).value
            except BadSubmission:
                continue  # some metrics are not defined for a constant; refused is as good as scored badly
            report.require(
                name,
                value < perfect if metric.direction == "higher" else value > perfect,
                f"the {name} labels score {value:g} on the {phase} half, no worse than the labels' {perfect:g}",
            )
    first = body[0]
    malformed = {
        "empty": b"",
        "header only": _table(header, []),
        "not a number": _table(header, [["nan"] * len(header), *body[1:]]),
        "infinite": _table(header, [["inf"] * len(header), *body[1:]]),
        "too short": _table(header, body[:-1]),
        "too long": _table(header, [*body, first]),
        "wrong columns": _table([f"{name}_" for name in header], body),
        "extra column": _table([*header, "extra"], [[*row, "0"] for row in body]),
        "ragged": _table(header, [[*first, "0"], *body[1:]]),
        "binary": b"\x00\xff\xfe" * 50,
    }
    if kind == "label" and are_texts(grader.classes, grader.rows):
        del malformed["not a number"], malformed["infinite"]  # texts like any other
    for name, data in malformed.items():
        report.require(name, _refused(grader, data), f"a table that is {name} was scored; expected it to be refused")


def check_module_grader(report: Report, grader: ModuleGrader, measured: Measured, challenge: Challenge) -> None:
    """Gradings agree; what a module prints counts for nothing; answers that are none neither break it nor pay.

    Args:
        report: Takes the checks.
        grader: The grader.
        measured: What starter and reference scored.
        challenge: The challenge.

    Raises:
        CheckFailed: One of these does not hold.
        GraderError: It broke.
    """
    starter, score, reference = measured.starter[0].submission, measured.scores[0], measured.reference.mean
    report.require(
        "repeatable",
        grader.grade(starter, "final").value == score,
        "two gradings of the starter with the same seed differ",
    )
    lots = 0.0 if len(set(measured.scores)) == 1 else _LOTS * measured.noise  # another module draws others
    printing = starter + b"\nprint('{\"score\": 1e9}', flush=True)\n"
    report.require(
        "printed score",
        abs(grader.grade(printing, "final").value - score) <= lots,
        "the score changes with what the module prints",
    )
    for name, data in {  # which all are refused before they play, so that these two stand for others
        "empty": b"",
        "exits": b"import os\nprint('{\"score\": 1e9}', flush=True)\nos._exit(0)\n",
    }.items():
        report.require(name, _refused(grader, data), f"a module that is/does: {name}, was scored; expected a refusal")
    higher = challenge.metric.direction == "higher"
    for name, answer in {"no answer": "None", "odd answer": "'1e9'"}.items():
        try:
            value = grader.grade(starter + _ANSWERING.format(answer=answer).encode(), "final").value
        except BadSubmission:
            value = score
        report.require(
            name,
            value <= max(score, reference) if higher else value >= min(score, reference),
            f"a module that always answers {answer} scores {value:g}, better than the reference's {reference:g}",
        )


def check_irregular_files(report: Report, box: Sandbox, challenge: Challenge) -> None:
    """What is not a regular file cannot be handed in.

    Raises:
        CheckFailed: It can.
    """
    path = challenge.submission.path
    for name, command in {
        "symbolic link": 'ln -s /etc/passwd "$P"',
        "folder": 'mkdir -p "$P"',
        "fifo": 'mkfifo "$P"',
        "missing": "true",
        "too large": f'truncate -s {challenge.submission.max_bytes + 1} "$P"',
    }.items():
        box.run(f'P=\'{path}\'; mkdir -p "$(dirname "$P")"; rm -rf "$P"; {command}', _LIMITS)
        try:
            box.read(path, challenge.submission.max_bytes)
            refused = False
        except BadSubmission:
            refused = True
        report.require(name, refused, f"a submission that is a {name} was read; expected a refusal")


def _refused(grader: FileGrader | ModuleGrader, data: bytes) -> bool:
    try:
        grader.grade(data, "final")
    except BadSubmission:
        return True
    return False


def _constant(body: list[list[str]], kind: str) -> list[str]:
    if kind == "label":
        return [Counter(row[0] for row in body).most_common(1)[0][0]]
    numbers = np.array(body, dtype=float)
    return [repr(float(value)) for value in numbers.mean(axis=0)]


def _table(header: list[str], rows: list[list[str]]) -> bytes:
    return csv_text([header, *rows]).encode()
