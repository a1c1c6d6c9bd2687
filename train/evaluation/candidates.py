"""What became of the candidates of a synthesis, as its ledger tells it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from synthgym.base.errors import FileError
from synthgym.base.json_lines import read_records
from synthgym.base.messages import warn
from synthgym.base.validation import first_problem

LEDGER_FILE = "ledger.jsonl"

_ON_THE_WAY = ("passed", "failed")
"""Outcomes of lines of a ledger that are not a candidate's last."""
_MOST = 10**15


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


def outcomes(ledger: Sequence[Mapping[str, Any]]) -> list[tuple[str, int, str]]:
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


def stages(ledger: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
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
