"""A benchmark as one HTML page that needs no network and no script: `write_report`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from synthgym.base.errors import FileError, UserError
from synthgym.base.files.outputs import whole_file
from synthgym.base.json_reading import read_object
from synthgym.base.messages import warn
from synthgym.base.text import printable
from synthgym.train.evaluation.aup import BASELINE, SolverSet, from_records, place_among, resample
from synthgym.train.evaluation.candidates import LEDGER_FILE, outcomes, read_candidates, stages
from synthgym.train.evaluation.headline import axis_ends, headline
from synthgym.train.evaluation.number_texts import area, cut, gain, number, percent, share
from synthgym.train.evaluation.plots import (
    colour_of,
    drawn_challenges,
    improvement_figure,
    inline_svg,
    profile_figure,
)
from synthgym.train.evaluation.report_tables import endings, episode, flat, score_rows, summary_tables
from synthgym.train.evaluation.scores import Benchmark, load_benchmark
from synthgym.train.evaluation.stats import MOST_PAIRED, compare

SUMMARY_FILE = "summary.json"

_ABREAST = 6
"""Solvers that have room beside each other in a table; more get further tables below."""
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
        scale=axis_ends(comparison),
        headline=headline(comparison, solvers),
        # matplotlib escapes the texts in its SVG.
        profile=Markup(inline_svg(profile_figure(areas.standings), "profile")),
        improvement=Markup(inline_svg(improvement_figure(benchmark.records), "improvement")),
        drawn=len(drawn_challenges(benchmark.records)),
        rows=score_rows(benchmark, solvers),
        endings=endings(benchmark),
        funnel=outcomes(ledger),
        stages=stages(ledger),
        tables=summary_tables(summary or {}),
        settings=list(flat(benchmark.settings)),
        trajectories=[episode(each) for each in trajectories],
    )


def _summary(folder: Path) -> Mapping[str, Any]:
    try:
        return read_object(folder / SUMMARY_FILE, finite=False, links=False)
    except FileNotFoundError:
        return {}
    except FileError as error:
        warn(f"left out of the report, as it cannot be read: {error}", stacklevel=2)
        return {}


def _clean(text: str) -> str:
    """Text an HTML page can hold, and that shows what it says; keeps what is marked as safe marked."""
    return type(text)(printable(str(text)))
