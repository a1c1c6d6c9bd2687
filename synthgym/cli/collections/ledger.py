"""`synthgym ledger`: where the candidates of a collection went, and what they cost."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from synthgym.base.errors import FileError, UserError
from synthgym.base.json_reading import parse_object, read_lines
from synthgym.base.messages import say
from synthgym.base.text import one_line
from synthgym.cli.shared.options import AsJson, print_json


def ledger(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A collection that `synthgym synthesize` made.")],
    as_json: AsJson = False,
) -> None:
    """Shows the funnel of a synthesis: by stage, how many came, how many were mended or rejected, and what it cost."""
    from synthgym.registry.files import LEDGER_FILE
    from synthgym.synthesis.ledger import funnel, read_ledger, stages

    entries = read_ledger(folder)
    if not entries:
        raise UserError(f"{folder}: holds no {LEDGER_FILE} with entries; expected a folder of `synthgym synthesize`")
    found, counts, seconds = stages(entries), funnel(entries), _seconds(folder)
    accepted = counts["accepted"]
    cost, tokens = sum(stage.cost for stage in found), sum(stage.tokens for stage in found)
    if as_json:
        shown = [{**asdict(stage), "passed": stage.passed, "seconds": seconds.get(stage.name)} for stage in found]
        per = {"cost_per_accepted": cost / accepted, "tokens_per_accepted": tokens / accepted} if accepted else {}
        print_json({**counts, "tokens": tokens, "cost": cost, **per, "stages": shown})
        return
    rows = [["stage", "came", "passed", "mended", "calls", "tokens", "cost", "seconds"]]
    for stage in found:
        took = seconds.get(stage.name)
        rows.append(
            [
                stage.name,
                str(stage.entered),
                str(stage.passed),
                str(stage.mended),
                str(stage.calls),
                f"{stage.tokens:,}",
                f"${stage.cost:.2f}",
                "" if took is None else f"{took:.0f}",
            ]
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = zip(row, widths, strict=True)
        line = [cell.rjust(width) if number else cell.ljust(width) for number, (cell, width) in enumerate(cells)]
        say(one_line("  ".join(line)))
    for stage in found:
        for check, count in stage.rejected.items():
            example = next(
                e.reason for e in entries if e.outcome == "rejected" and e.check == check and e.stage == stage.name
            )
            such = " ".join(str(example).split())[:100]
            say(one_line(f"rejected in {stage.name}: {count} {check}; such as: {such}"))
    share = accepted / counts["candidates"] if counts["candidates"] else 0.0
    each = f"; ${cost / accepted:.3f} and {tokens / accepted:,.0f} tokens for each" if accepted and tokens else ""
    say(f"{accepted} of {counts['candidates']} candidates accepted ({share:.0%}){each}")


def _seconds(folder: Path) -> dict[str, float]:
    """Seconds by stage, from the journal, where the run left one."""
    from synthgym.synthesis.ledger import JOURNAL_FILE, read_entry

    path = folder / JOURNAL_FILE
    if not path.exists():
        return {}
    totals: dict[str, float] = defaultdict(float)
    for number, line in read_lines(path, links=False):
        if line.startswith(b'{"key": "candidate/') and line.endswith(b"\n"):
            try:
                for entry in map(read_entry, parse_object(line)["value"]):
                    totals[entry.stage] += entry.seconds or 0.0
            except (ValueError, KeyError, TypeError) as error:
                raise FileError(f"{path}, line {number}: expected the entries of a candidate: {error}") from error
    return dict(totals)
