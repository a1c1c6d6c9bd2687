"""How a student did in a benchmark, beside the others that took part."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from synthgym.base.errors import UnknownNameError, UserError
from synthgym.train.evaluation.aup import resample
from synthgym.train.evaluation.aup.solver_set import read_solvers
from synthgym.train.evaluation.aup.tables import largest, size, standings_table
from synthgym.train.evaluation.scores import load_benchmark
from synthgym.train.evaluation.stats import Interval, compare
from synthgym.train.sharing.record import Table
from synthgym.train.sharing.without_paths import without_paths

STUDENT = "student"


@dataclass(frozen=True)
class Standing:
    """How it did.

    Attributes:
        student: Its name as an agent.
        about: On how much.
        improvement: Mean improvement and share solved of every agent, with intervals.
        aup: AUP of every agent, with intervals.
        aup_about: What that figure depends on.
    """

    student: str
    about: str
    improvement: Table
    aup: Table
    aup_about: str


def read_standing(given: str, out: Path) -> Standing:
    """Reads a benchmark in which a student took part.

    Args:
        given: The benchmark's folder, or ``DIR:NAME`` with the student's name as an agent. Without the name it is the
            only agent, else the one that is called ``student`` or as the folder of its training.
        out: That folder.

    Raises:
        UserError: There is no such benchmark, or it is not clear who is the student.
    """
    folder, name = _split(given)
    benchmark = load_benchmark(folder)
    student = name or _student(benchmark.solvers, out, given)
    if student not in benchmark.solvers:
        raise UnknownNameError("agent", student, benchmark.solvers, f"({folder})")
    compared = compare(benchmark.records)
    rows = []
    for solver, each in compared.summaries.items():
        gain, solved = each.improvement, each.solved
        figures = [f"{gain.mean:.3f}", _ends(gain, "{:.3f}"), f"{solved.mean:.0%}", _ends(solved, "{:.0%}")]
        rows.append([_name(solver, student), *figures, f"{each.episodes:,}"])
    level = f"{compared.level:.0%} interval"
    field = read_solvers(folder)
    resampled = resample(field.tasks, field.results)
    areas = standings_table(resampled)
    return Standing(
        student,
        f"{len(compared.env_ids)} challenges that all of them played; intervals are of resampled challenges.",
        Table(["agent", "mean improvement", level, "solved", level, "episodes"], rows),
        Table(["agent", *areas.head[1:]], [[_name(row[0], student), *row[1:]] for row in areas.rows]),
        f"{size(field)} {largest(resampled.standings)} Intervals are of resampled runs.",
    )


def _split(given: str) -> tuple[Path, str | None]:
    """Folder and name; both may hold colons, and the shortest folder that is there counts."""
    if Path(given).is_dir():
        return Path(given), None
    parts = given.split(":")
    for at in range(1, len(parts)):
        if Path(":".join(parts[:at])).is_dir():
            return Path(":".join(parts[:at])), ":".join(parts[at:])
    raise UserError(f"--scores {given!r}: expected a benchmark's folder, or DIR:NAME; there is no such folder")


def _student(solvers: list[str], out: Path, given: str) -> str:
    likely = solvers if len(solvers) == 1 else [each for each in solvers if each in (STUDENT, out.absolute().name)]
    if len(likely) != 1:
        raise UserError(
            f"--scores {given!r}: which agent is the student? Say it, as in --scores {given}:{solvers[0]}; its agents "
            f"are {', '.join(solvers)}"
        )
    return likely[0]


def _name(solver: str, student: str) -> str:
    told = str(without_paths(solver)).partition("@http")[0]
    return f"**{told}**" if solver == student else told


def _ends(found: Interval, form: str) -> str:
    if found.low is None or found.high is None:
        return ""
    return f"{form.format(found.low)} to {form.format(found.high)}"
