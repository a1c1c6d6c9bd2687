"""Writes the tables of docs/challenges.md from the code that goes by them: the metrics, and the checks of verification.

python scripts/challenge_tables.py           # writes the page
python scripts/challenge_tables.py --check   # says whether it is true; a test does
"""

from __future__ import annotations

import sys
from pathlib import Path

from synthgym.registry.metrics import METRICS
from synthgym.synthesis.verification.checks import CHECKS, OF_NO_CHECK

PAGE = Path(__file__).resolve().parents[1] / "docs" / "challenges.md"
_ROOM = "synthgym.synthesis."


def metrics() -> list[str]:
    """A line for each metric."""
    rows = [
        "| metric | what is submitted | columns | better | worst | optimum |",
        "| --- | --- | --- | --- | ---: | ---: |",
    ]
    for metric in METRICS.values():
        what = (
            "a score" if metric.ranks else {"label": "a label", "value": "a number"}.get(metric.kind, "probabilities")
        )
        worst = "none" if metric.worst is None else f"{metric.worst:.4g}"
        figures = f"{metric.direction} | {worst} | {metric.optimum:g}"
        rows.append(f"| `{metric.name}` | {what} | {metric.expected_columns} | {figures} |")
    return rows


def checks() -> list[str]:
    """A line for each name, or for several that are told together: when a challenge fails it, and what holds it."""
    rows = ["| check | fails when | `synthgym/synthesis/` |", "| --- | --- | --- |"]
    told = [(names, when, check.run.__module__) for check in CHECKS for names, when in check.fails.items()]
    told += [(names, when, f"{_ROOM}verification.verify") for names, when in OF_NO_CHECK.items()]
    for names, when, module in told:
        each = names.split(", ")
        others = [check.run.__module__ for check in CHECKS if len(each) == 1 and set(each) & set(check.also)]
        files = ", ".join(dict.fromkeys(_file(name) for name in (module, *others)))
        rows.append(f"| {', '.join(f'`{name}`' for name in each)} | {when} | {files} |")
    return rows


def _file(module: str) -> str:
    return f"`{module.removeprefix(_ROOM).replace('.', '/')}.py`"


def page() -> str:
    """The page as it should be."""
    text = PAGE.read_text(encoding="utf-8")
    for name, rows in {"metrics": metrics(), "checks": checks()}.items():
        start, end = f"<!-- {name}: made by scripts/challenge_tables.py -->\n", f"<!-- end of {name} -->\n"
        before, rest = text.split(start)
        text = before + start + "\n".join(rows) + "\n" + end + rest.split(end)[1]
    return text


def main() -> None:
    """Writes the page, or compares it."""
    if "--check" not in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    elif page() != PAGE.read_text(encoding="utf-8"):
        sys.exit(f"{PAGE}: a table is not what the code says; run scripts/challenge_tables.py")


if __name__ == "__main__":
    main()
