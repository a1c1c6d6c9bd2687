"""Where every candidate of a collection went: `ledger.jsonl`, a line for each candidate and stage, in their order.

What a ledger says depends on nothing but the candidates, so that the same seed gives the same bytes; how long things
took is kept in the run's journal, where there is one.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import ConfigDict, Field, Strict, TypeAdapter

from synthgym.base.errors import FileError, SpecError
from synthgym.base.files.outputs import write_whole
from synthgym.base.json_lines import read_records
from synthgym.base.validation import validated
from synthgym.registry.collections.pack import is_pack, read_pack
from synthgym.registry.collections.unpack import collection_file
from synthgym.registry.files import LEDGER_FILE
from synthgym.synthesis.report import Report

JOURNAL_FILE = ".journal.jsonl"
"""Of a run; kept where it holds what was paid for."""
_MOST = 10**15
VERIFY = "verify"
"""The stage that every author's candidates come to."""


Count = Annotated[int, Strict(), Field(ge=0, le=_MOST)]
Number = Annotated[float, Strict()]


@dataclass(frozen=True)
class Entry:
    """One candidate at one stage.

    Attributes:
        index: Its number in the run.
        id: The challenge's; empty for a candidate that never got so far.
        outcome: ``accepted`` or ``rejected``: what became of it in the end, in the last of its lines. Before that,
            ``passed``: it went on to the next stage; ``failed``: it did not pass this time, and was worked on.
        check: Where it was rejected or failed, the check it failed: the class of failure.
        reason: Why.
        baseline: Mean score of the starter; these four where it came that far.
        sd: Its standard deviation over seeds.
        noise: The noise.
        reference: Score of the reference solution.
        content_hash: Of an accepted one.
        stage: What was being done.
        round: How often it had been worked on by then.
        calls: Calls of a model in this stage.
        tokens: Their tokens, asked and answered.
        cost: What they cost, in US dollars.
        topic: What it is to be about, in a candidate's first line, where topics are chosen.
        seconds: How long it took; not in `ledger.jsonl`.
    """

    __pydantic_config__ = ConfigDict(extra="forbid", allow_inf_nan=False)

    index: Count
    id: str
    outcome: str
    check: str | None = None
    reason: str | None = None
    baseline: Number | None = None
    sd: Number | None = None
    noise: Number | None = None
    reference: Number | None = None
    content_hash: str | None = None
    stage: str = VERIFY
    round: Count = 0
    calls: Count = 0
    tokens: Count = 0
    cost: Annotated[float, Strict(), Field(ge=0, le=_MOST)] = 0.0
    topic: str = ""
    seconds: Number | None = None

    @property
    def ended(self) -> bool:
        """Whether it is the candidate's last line."""
        return self.outcome in ("accepted", "rejected")


_ENTRY = TypeAdapter(Entry)


def verified(index: int, report: Report, content_hash: str | None = None, outcome: str | None = None) -> Entry:
    """The line that a verification gives: the last one of its candidate, unless an outcome is given."""
    return Entry(
        index=index,
        id=report.id,
        outcome=outcome or ("accepted" if report.ok else "rejected"),
        check=report.failed,
        reason=report.reason,
        baseline=_finite(report.measured.get("baseline")),
        sd=_finite(report.measured.get("sd")),
        noise=_finite(report.measured.get("noise")),
        reference=_finite(report.measured.get("reference")),
        content_hash=content_hash,
        seconds=report.seconds,
    )


def _finite(number: float | None) -> float | None:
    return number if number is not None and math.isfinite(number) else None


def with_reports(entries: Iterable[Entry], reports: Iterable[tuple[Report, str | None]]) -> list[Entry]:
    """The lines of a ledger after challenges of its collection were verified once more.

    What a challenge's last line says of its verification is replaced; what was spent on it stays. One that the ledger
    does not know, because it was written by hand, is a candidate of its own.

    Args:
        entries: The lines.
        reports: How the verifications went, and content hashes of those that passed.
    """
    lines = list(entries)
    places = {entry.id: place for place, entry in enumerate(lines) if entry.ended and entry.id}
    following = max((entry.index for entry in lines), default=-1) + 1
    for report, content_hash in reports:
        place = places.get(report.id)
        now = verified(following if place is None else lines[place].index, report, content_hash)
        if place is None:
            lines.append(now)
            following += 1
            continue
        before = lines[place]
        spent = {name: getattr(before, name) for name in ("round", "calls", "tokens", "cost", "topic")}
        lines[place] = replace(now, stage=before.stage, **spent)
    return lines


def write_ledger(folder: Path, entries: Iterable[Entry]) -> None:
    """Writes the ledger in one step."""
    lines = [json.dumps(_line(entry)) for entry in sorted(entries, key=lambda entry: entry.index)]
    write_whole(folder / LEDGER_FILE, "".join(line + "\n" for line in lines))


def _line(entry: Entry) -> dict[str, Any]:
    line = asdict(entry)
    del line["seconds"]
    return line


def read_ledger(folder: Path) -> list[Entry]:
    """The lines of a collection's ledger; none where there is no ledger. A last line that is torn is passed over.

    Raises:
        SpecError: A line is no entry; names it.
    """
    if is_pack(folder) and LEDGER_FILE not in read_pack(folder).members:
        return []
    try:
        return list(read_records(collection_file(folder, LEDGER_FILE), _entry_of_ledger, links=False))
    except FileNotFoundError:
        return []
    except FileError as error:
        raise SpecError(str(error)) from error


def _entry_of_ledger(line: Mapping[str, Any]) -> Entry:
    try:
        return read_entry(line)
    except ValueError as error:
        raise ValueError(f"expected an entry of a ledger: {error}") from None


def read_entry(line: Mapping[str, Any]) -> Entry:
    """An entry of a ledger or of a run's journal, as JSON has it.

    Raises:
        ValueError: It is none.
    """
    return validated(_ENTRY.validate_python, line, "an entry", ValueError)


def funnel(entries: Iterable[Entry]) -> dict[str, int]:
    """How many candidates there were, how many were accepted, and for what the others were rejected."""
    ends = [entry for entry in entries if entry.ended]
    counts = Counter(f"rejected: {entry.check}" for entry in ends if entry.outcome == "rejected")
    accepted = sum(entry.outcome == "accepted" for entry in ends)
    return {"candidates": len(ends), "accepted": accepted, **dict(sorted(counts.items()))}


@dataclass(frozen=True)
class Stage:
    """What went on in one stage, over all candidates.

    Attributes:
        name: The stage.
        entered: Candidates that came to it.
        rejected: Candidates that ended in it without becoming challenges, by the check they failed.
        mended: Candidates that failed in it, and passed it in the end.
        calls: Calls of a model.
        tokens: Their tokens.
        cost: In US dollars.
    """

    name: str
    entered: int
    rejected: dict[str, int]
    mended: int
    calls: int
    tokens: int
    cost: float

    @property
    def passed(self) -> int:
        """Candidates that came through."""
        return self.entered - sum(self.rejected.values())


def stages(entries: Iterable[Entry]) -> list[Stage]:
    """The stages in the order in which candidates come to them."""
    entries = list(entries)
    found = []
    for name in dict.fromkeys(entry.stage for entry in sorted(entries, key=lambda entry: entry.index)):
        here = [entry for entry in entries if entry.stage == name]
        rejected = Counter(entry.check or "unknown" for entry in here if entry.outcome == "rejected")
        failed = {entry.index for entry in here if entry.outcome == "failed"}
        through = {entry.index for entry in here if entry.outcome in ("passed", "accepted")}
        found.append(
            Stage(
                name,
                len({entry.index for entry in here}),
                dict(sorted(rejected.items())),
                len(failed & through),
                sum(entry.calls for entry in here),
                sum(entry.tokens for entry in here),
                sum(entry.cost for entry in here),
            )
        )
    return found
