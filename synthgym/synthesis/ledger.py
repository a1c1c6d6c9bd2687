"""Where every candidate of a collection went: `ledger.jsonl`, a line each, in the order of the candidates.

What a ledger says depends on nothing but the candidates, so that the same seed gives the same bytes; times are told
to whoever is watching, and not kept.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from synthgym.base.errors import SpecError

LEDGER_FILE = "ledger.jsonl"


@dataclass(frozen=True)
class Entry:
    """One candidate.

    Attributes:
        index: Its number in the run.
        id: The challenge's.
        outcome: ``accepted``, or ``rejected``.
        check: For a rejected one, the check it failed.
        reason: Why.
        baseline: Mean score of the starter; these four where it came that far.
        sd: Its standard deviation over seeds.
        noise: The noise.
        reference: Score of the reference solution.
        content_hash: Of an accepted one.
    """

    index: int
    id: str
    outcome: str
    check: str | None = None
    reason: str | None = None
    baseline: float | None = None
    sd: float | None = None
    noise: float | None = None
    reference: float | None = None
    content_hash: str | None = None


def write_ledger(folder: Path, entries: Iterable[Entry]) -> None:
    """Writes the ledger in one step."""
    lines = [json.dumps(asdict(entry)) for entry in sorted(entries, key=lambda entry: entry.index)]
    temporary = folder / f".{LEDGER_FILE}.new"
    temporary.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    temporary.replace(folder / LEDGER_FILE)


def read_ledger(folder: Path) -> list[Entry]:
    """The entries of a collection's ledger; none where there is no ledger.

    Raises:
        SpecError: A line is no entry.
    """
    path = folder / LEDGER_FILE
    if not path.exists():
        return []
    entries = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            entries.append(Entry(**json.loads(line)))
        except (ValueError, TypeError) as error:
            raise SpecError(f"{path}: line {number}: expected an entry of a ledger: {error}") from error
    return entries


def funnel(entries: Iterable[Entry]) -> dict[str, int]:
    """How many candidates there were, how many were accepted, and for what the others were rejected."""
    entries = list(entries)
    counts = Counter(f"rejected: {entry.check}" for entry in entries if entry.outcome == "rejected")
    accepted = sum(entry.outcome == "accepted" for entry in entries)
    return {"candidates": len(entries), "accepted": accepted, **dict(sorted(counts.items()))}
