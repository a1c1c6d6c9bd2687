"""How far agents got, as tables to read: improvement and share solved, over all challenges and by kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from synthgym.train.challenge_kinds import kinds_of
from synthgym.train.evaluation.aup.tables import TextTable
from synthgym.train.evaluation.scores import ScoreRecord
from synthgym.train.evaluation.stats import Comparison, Interval, compare

_NOTHING = 0.0005


def improvement_tables(records: Sequence[ScoreRecord]) -> Iterator[TextTable]:
    """One table over all challenges that every agent has an episode on, and one for each kind where there are several.

    Columns: mean improvement and share of episodes solved, each with its 95 % interval over challenges, and how much
    the improvement is above the first agent's, in pairs of challenges.

    Args:
        records: Episodes of a benchmark; see `load_benchmark`.

    Raises:
        UserError: There is no challenge that every agent has an episode on.
    """
    overall = compare(records)
    yield _table("Improvement", overall)
    kinds = kinds_of(list(dict.fromkeys(record.env_id for record in records)))
    different = sorted(set(kinds.values()))
    shared = set(overall.env_ids)
    for kind in different if len(different) > 1 else []:
        of_kind = [record for record in records if kinds[record.env_id] == kind and record.env_id in shared]
        if of_kind:
            yield _table(f"Improvement, challenges of kind {kind}", compare(of_kind))


def _table(title: str, found: Comparison) -> TextTable:
    level = f"{found.level:.0%} interval"
    first, *others = found.summaries
    head = ["", "mean", level, "solved", level, *([f"above {first}", level] if others else [])]
    rows = []
    for agent, summary in found.summaries.items():
        row = [agent, *_figures(summary.improvement, "{:.3f}"), *_figures(summary.solved, "{:.0%}")]
        if others:
            row += ["", ""] if agent == first else _figures(found.difference(agent, first).improvement, "{:+.3f}")
        rows.append(row)
    count = len(found.env_ids)
    return TextTable(f"{title} ({count} challenge{'s' * (count != 1)})", head, rows)


def _figures(interval: Interval, form: str) -> list[str]:
    between = ""
    if interval.low is not None and interval.high is not None:
        between = f"{_figure(interval.low, form)} to {_figure(interval.high, form)}"
    return [_figure(interval.mean, form), between]


def _figure(value: float, form: str) -> str:
    """Nothing is neither above nor below nothing."""
    return form.format(0.0 if abs(value) < _NOTHING else value)
