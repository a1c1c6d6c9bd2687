"""A benchmark as one HTML page that needs no network and no script: `write_report`."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from synthgym.base.errors import FileError, UserError
from synthgym.base.files.outputs import whole_file
from synthgym.base.json_lines import read_records
from synthgym.base.json_reading import read_object
from synthgym.base.messages import warn
from synthgym.base.text import printable
from synthgym.base.validation import first_problem
from synthgym.train.evaluation.aup import BASELINE, SolverSet, from_records, place_among, resample
from synthgym.train.evaluation.aup.tables import percent as signed_percent
from synthgym.train.evaluation.plots import (
    colour_of,
    improvement_figure,
    inline_svg,
    profile_figure,
    short_names,
    shown_challenges,
)
from synthgym.train.evaluation.scores import Benchmark, ScoreRecord, load_benchmark
from synthgym.train.evaluation.stats import MOST_PAIRED, Comparison, Interval, compare

LEDGER_FILE = "ledger.jsonl"
SUMMARY_FILE = "summary.json"

_ON_THE_WAY = ("passed", "failed")
"""Outcomes of lines of a ledger that are not a candidate's last."""
_LONGEST_TEXT = 6_000
_SENTENCES = 3
_ABREAST = 6
"""Solvers that have room beside each other in a table; more get further tables below."""
_MOST = 10**15
_ARROWS = {"higher": "↑", "lower": "↓"}


def write_report(
    folder: Path,
    out: Path,
    trajectories: Iterable[Mapping[str, Any]] = (),
    collection: Path | None = None,
    others: SolverSet | None = None,
) -> None:
    """Writes the report of a benchmark folder.

    Beside the scores it shows, where they are there, `ledger.jsonl` (what became of the candidates of a synthesis) and
    `folder/summary.json` (any figures, as tables).

    Args:
        folder: What `synthgym benchmark` wrote.
        out: The HTML file; the folders above it are made.
        trajectories: Episodes to show, as records of a trajectory store turned into plain data. Whatever they hold is
            shown as text.
        collection: Where the ledger is, if not in `folder`.
        others: Solvers to place these among; see `synthgym.train.evaluation.aup.place_among`.

    Raises:
        UserError: The folder's files are missing, malformed, or hold scores that cannot be compared; there is no ledger
            in `collection`.
        OutputFolderError: The file cannot be written.
        MissingDependencyError: matplotlib is not installed.
    """
    if collection and not (collection / LEDGER_FILE).is_file():
        raise UserError(f"{collection}: holds no {LEDGER_FILE}; expected a collection that `synthgym synthesize` made")
    page = render(load_benchmark(folder), trajectories, read_candidates(collection or folder), _summary(folder), others)
    with whole_file(out, named=True) as file:
        file.write(page.encode())


def render(
    benchmark: Benchmark,
    trajectories: Iterable[Mapping[str, Any]] = (),
    ledger: Sequence[Mapping[str, Any]] = (),
    summary: Mapping[str, Any] | None = None,
    others: SolverSet | None = None,
) -> str:
    """The page itself; see `write_report`."""
    comparison = compare(benchmark.records)
    areas = resample(*from_records(benchmark.records))
    field = place_among(SolverSet(*from_records(benchmark.records)), others) if others else None
    among = resample(field.tasks, field.results) if field else None
    solvers = sorted(comparison.summaries, key=lambda solver: -comparison.summaries[solver].improvement.mean)
    environment = Environment(
        loader=PackageLoader("synthgym.train.evaluation"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: _clean(value) if isinstance(value, str) else value,
    )
    environment.filters |= {"num": number, "cut": cut}
    environment.globals |= {"gain": gain, "share": share, "area": area, "percent": percent}
    groups = [solvers[at : at + _ABREAST] for at in range(0, len(solvers), _ABREAST)]
    return environment.get_template("report.html.j2").render(
        benchmark=benchmark,
        comparison=comparison,
        standings=areas.standings,
        largest=f"{areas.standings.largest:g}",
        areas=areas,
        field=field,
        among=among,
        field_profile=Markup(inline_svg(profile_figure(among.standings), "field")) if among else "",
        solvers=solvers,
        groups=groups,
        paired=MOST_PAIRED,
        BASELINE=BASELINE,
        arrows=_ARROWS,
        colours={solver: colour_of(solver, solvers) for solver in [*solvers, BASELINE]},
        scale=_scale(comparison),
        headline=_headline(comparison, solvers),
        # matplotlib escapes the texts in its SVG.
        profile=Markup(inline_svg(profile_figure(areas.standings), "profile")),
        improvement=Markup(inline_svg(improvement_figure(benchmark.records), "improvement")),
        drawn=len(shown_challenges(benchmark.records)),
        rows=_score_rows(benchmark, solvers),
        endings=_endings(benchmark),
        funnel=_funnel(ledger),
        stages=_stages(ledger),
        tables=_tables(summary or {}),
        settings=list(_flat(benchmark.settings)),
        trajectories=[_trajectory(each) for each in trajectories],
    )


# What the page says


def _headline(comparison: Comparison, solvers: Sequence[str]) -> list[str]:
    """The result in sentences: the best solver, then the first steps down to the next."""
    lines = [_best(comparison, solvers)]
    for first, second in itertools.islice(itertools.pairwise(solvers), _SENTENCES):
        found = comparison.difference(first, second).improvement
        if _is_nothing(found.mean):
            lines.append(f"{first} and {second} are level: their means differ by less than 0.01{_between(found)}.")
            continue
        if found.low is None:
            verdict = "one challenge says nothing about others"
        elif found.clear:
            verdict = "more than chance explains"
        else:
            verdict = "which may be chance"
        lines.append(f"{first} is ahead of {second} by {gain(found.mean)}{_between(found)}: {verdict}.")
    return lines


def _best(comparison: Comparison, solvers: Sequence[str]) -> str:
    top = comparison.summaries[solvers[0]].improvement
    interval = _between(top, f"{share(comparison.level)} interval ")
    level = [name for name in solvers if _is_nothing(comparison.summaries[name].improvement.mean - top.mean)]
    if top.mean <= 0 or _is_nothing(top.mean):
        if len(solvers) == 1:
            return f"{solvers[0]} does not get past the baseline: its mean improvement is {gain(top.mean)}{interval}."
        return f"None gets past the baseline: the best mean improvement is {gain(top.mean)}{interval}."
    if len(level) > 1:
        names = f"{', '.join(level[:-1])} and {level[-1]}" if len(level) <= _SENTENCES else f"{len(level)} solvers"
        verb = "get equally far: "
    else:
        names, verb = solvers[0], "gets furthest: " if len(solvers) > 1 else "gets "
    return f"{names} {verb}{gain(top.mean)} of the way from the baseline to the reference on average{interval}."


def _is_nothing(difference: float) -> bool:
    """Whether it is too small to be shown."""
    return gain(abs(difference)) == gain(0.0)


def _between(interval: Interval, said: str = "") -> str:
    """The interval in brackets; with a digit more where an end would be shown as 0, and is not."""
    if interval.low is None or interval.high is None:
        return ""
    digits = next(
        (n for n in (2, 3) if not interval.clear or round(min(map(abs, (interval.low, interval.high))), n)), 4
    )
    return f" ({said}{gain(interval.low, digits)} to {gain(interval.high, digits)})"


def _scale(comparison: Comparison) -> tuple[float, float]:
    """Ends of the axis of the small interval marks in the headline table."""
    values = [0.0, 1.0]
    for each in comparison.summaries.values():
        found = each.improvement
        values += [found.mean if end is None else end for end in (found.low, found.high)]
    return min(values) - 0.05, max(values) + 0.05


def _score_rows(benchmark: Benchmark, solvers: Sequence[str]) -> list[dict[str, Any]]:
    """One row a challenge: what it is scored by; for each solver, its mean held-out score and how often it solved."""
    cells: dict[tuple[str, str], list[ScoreRecord]] = {}
    about: dict[str, ScoreRecord] = {}
    for record in benchmark.records:
        cells.setdefault((record.env_id, record.solver), []).append(record)
        about[record.env_id] = record
    rows = []
    for env_id, name in zip(benchmark.env_ids, short_names(benchmark.env_ids), strict=True):
        in_row: dict[str, dict[str, Any]] = {}
        for solver in solvers:
            episodes = cells.get((env_id, solver), [])
            finals = [each.final for each in episodes if each.final is not None]
            mean = sum(finals) / len(finals) if finals else None
            in_row[solver] = {
                "mean": mean,
                "episodes": len(episodes),
                "solved": sum(each.solved for each in episodes),
            }
        means = [cell["mean"] for cell in in_row.values() if cell["mean"] is not None]
        best = (max if about[env_id].direction == "higher" else min)(means, default=None)
        rows.append({"name": name, "record": about[env_id], "cells": in_row, "best": best})
    return rows


FAILED_BEFORE = "attempts that failed before"
"""Of the same episodes: as infrastructure broke, or the agent broke it."""


def _endings(benchmark: Benchmark) -> dict[str, Counter[str]]:
    """How episodes ended → solver → number of episodes; and the attempts before, if infrastructure failed any."""
    counts = Counter((record.exit_status or "unknown", record.solver) for record in benchmark.records)
    total = Counter(record.exit_status or "unknown" for record in benchmark.records)
    rows = {
        status: Counter({solver: counts[status, solver] for solver in benchmark.solvers})
        for status, _ in total.most_common()
    }
    failed = Counter[str]()
    for record in benchmark.records:
        failed[record.solver] += record.attempts - 1
    return {**rows, FAILED_BEFORE: failed} if failed.total() else rows


def _funnel(ledger: Sequence[Mapping[str, Any]]) -> list[tuple[str, int, str]]:
    """What became of the candidates: outcome (and the check that failed), how many, one reason as an example."""
    counts: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for entry in ledger:
        if entry.get("outcome") in _ON_THE_WAY:
            continue
        what = str(entry.get("outcome", "unknown"))
        if entry.get("check"):
            what += f": {entry['check']}"
        counts[what] += 1
        if entry.get("reason"):
            examples.setdefault(what, str(entry["reason"]))
    return [(what, count, examples.get(what, "")) for what, count in counts.most_common()]


def _stages(ledger: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What the candidates went through, where a ledger tells: stage, how many came and were mended, what it took."""
    found: dict[str, dict[str, Any]] = {}
    for entry in ledger:
        stage = found.setdefault(
            str(entry.get("stage", "")),
            {"came": set(), "failed": set(), "through": set(), "calls": 0, "tokens": 0, "cost": 0.0},
        )
        index, outcome = entry.get("index"), entry.get("outcome")
        stage["came"].add(index)
        if outcome in ("passed", "accepted", "failed"):
            stage["failed" if outcome == "failed" else "through"].add(index)
        for name in ("calls", "tokens", "cost"):
            stage[name] += entry.get(name) or 0
    if len(found) < 2:
        return []
    return [
        {**stage, "name": name, "came": len(stage["came"]), "mended": len(stage["failed"] & stage["through"])}
        for name, stage in found.items()
    ]


def _tables(summary: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """A summary as tables: its plain values first, then a table for each part that has parts of its own."""
    plain = {key: value for key, value in summary.items() if not isinstance(value, Mapping)}
    tables = [("the run", list(_flat(plain)))] if plain else []
    return tables + [
        (key, list(_flat(value))) for key, value in summary.items() if isinstance(value, Mapping) and value
    ]


def _flat(data: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, str]]:
    """Nested mappings as rows of «a · b · c», value."""
    for key, value in data.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key} · ")
        else:
            yield f"{prefix}{key}", _value(value)


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_value(each) for each in value) or "–"
    if isinstance(value, float) and abs(value) < 1000:
        return f"{value:.4g}".replace("-", "−")
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return number(value)
    return str(value) if isinstance(value, str | bool) else json.dumps(value)


def _trajectory(record: Mapping[str, Any]) -> dict[str, Any]:
    """What the page shows of an episode; a reply that contains its action is not shown twice."""
    steps = []
    for step in record.get("steps") or []:
        content, action = step.get("content") or "", step.get("action") or ""
        info = step.get("info") or step
        steps.append(
            {
                "content": content.strip() if action.strip() in content else "",
                "action": action,
                "observation": step.get("observation") or "",
                "reward": step.get("reward") or 0.0,
                "validations": info.get("validations") or [],
            }
        )
    outcome = record.get("outcome") or {}
    return {
        "env_id": str(record.get("env_id", "")),
        "agent": str(record.get("agent", "")),
        "seed": record.get("seed"),
        "briefing": (record.get("reset") or {}).get("observation") or "",
        "steps": steps,
        "exit_status": outcome.get("exit_status"),
        "improvement": outcome.get("improvement"),
        "score": outcome.get("score"),
        "error": outcome.get("error") or "",
    }


# How it says it


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


def _clean(text: str) -> str:
    """Text an HTML page can hold, and that shows what it says; keeps what is marked as safe marked."""
    return type(text)(printable(str(text)))


# What it is made from


class _Candidate(BaseModel):
    """Of a line of a ledger what is shown."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False)

    index: int | None = None
    outcome: str
    stage: str = ""
    check: str | None = None
    reason: str | None = None
    calls: int | None = Field(default=None, ge=0, le=_MOST)
    tokens: int | None = Field(default=None, ge=0, le=_MOST)
    cost: float | None = Field(default=None, ge=0, le=_MOST)


_MOST_WRONG = 10_000
"""Lines that are no entries and are passed over; what is behind so many is not read."""


def read_candidates(folder: Path) -> list[dict[str, Any]]:
    """What became of the candidates of a synthesis, by its ledger; none where there is no ledger.

    Lines that are no entries are left out, and told in a warning.
    """
    entries: list[dict[str, Any]] = []
    wrong: list[FileError] = []

    def note(problem: FileError) -> None:
        if len(wrong) >= _MOST_WRONG:
            raise problem
        wrong.append(problem)

    try:
        entries.extend(read_records(folder / LEDGER_FILE, _candidate, links=False, wrong=note))
    except FileNotFoundError:
        return []
    except FileError as error:
        wrong.append(error)
    if wrong:
        more = f", and {len(wrong) - 1:,} more lines" if wrong[1:] else ""
        more += ", and all that is behind them" if len(wrong) > _MOST_WRONG else ""
        warn(f"left out of the report, as it cannot be read: {wrong[0]}{more}", stacklevel=2)
    return entries


def _candidate(line: dict[str, Any]) -> dict[str, Any]:
    try:
        return _Candidate.model_validate(line).model_dump()
    except ValidationError as error:
        raise ValueError(f"expected an entry of a ledger: {first_problem(error)}") from None


def _summary(folder: Path) -> Mapping[str, Any]:
    try:
        return read_object(folder / SUMMARY_FILE, finite=False, links=False)
    except FileNotFoundError:
        return {}
    except FileError as error:
        warn(f"left out of the report, as it cannot be read: {error}", stacklevel=2)
        return {}
