"""What the report shows of a benchmark, as rows: scores, endings, settings, episodes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from synthgym.train.evaluation.number_texts import number
from synthgym.train.evaluation.plots import short_names
from synthgym.train.evaluation.scores import Benchmark, ScoreRecord


def score_rows(benchmark: Benchmark, solvers: Sequence[str]) -> list[dict[str, Any]]:
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


def endings(benchmark: Benchmark) -> dict[str, Counter[str]]:
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


def summary_tables(summary: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """A summary as tables: its plain values first, then a table for each part that has parts of its own."""
    plain = {key: value for key, value in summary.items() if not isinstance(value, Mapping)}
    tables = [("the run", list(flat(plain)))] if plain else []
    return tables + [(key, list(flat(value))) for key, value in summary.items() if isinstance(value, Mapping) and value]


def flat(data: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, str]]:
    """Nested mappings as rows of «a · b · c», value."""
    for key, value in data.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{key} · ")
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


def episode(record: Mapping[str, Any]) -> dict[str, Any]:
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
