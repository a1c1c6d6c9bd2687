"""Writes the table of checks of docs/challenges.md from the table that verification goes by; a test holds it there.

python scripts/checks_table.py           # writes the page
python scripts/checks_table.py --check   # says whether it is true
"""

from __future__ import annotations

import sys
from pathlib import Path

from synthgym.synthesis.verification.checks import CHECKS, OF_NO_CHECK

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "challenges.md"
START, END = "<!-- checks: made by scripts/checks_table.py -->\n", "<!-- end of checks -->\n"
_ROOM = "synthgym.synthesis."


def _file(module: str) -> str:
    return f"`{module.removeprefix(_ROOM).replace('.', '/')}.py`"


def table() -> str:
    """A line for each name, or for several that are told together: when a challenge fails it, and what holds it."""
    rows = ["| check | fails when | `synthgym/synthesis/` |", "| --- | --- | --- |"]
    told = [(names, when, check.run.__module__) for check in CHECKS for names, when in check.fails.items()]
    told += [(names, when, f"{_ROOM}verification.verify") for names, when in OF_NO_CHECK.items()]
    for names, when, module in told:
        each = names.split(", ")
        others = [check.run.__module__ for check in CHECKS if len(each) == 1 and set(each) & set(check.also)]
        files = ", ".join(dict.fromkeys(_file(name) for name in (module, *others)))
        rows.append(f"| {', '.join(f'`{name}`' for name in each)} | {when} | {files} |")
    return "\n".join(rows) + "\n"


def main() -> None:
    """Writes the page, or compares it."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(START)
    _, _, after = rest.partition(END)
    made = f"{before}{START}{table()}{END}{after}"
    if "--check" not in sys.argv:
        PAGE.write_text(made, encoding="utf-8")
    elif made != page:
        sys.exit(f"{PAGE}: its table of checks is not that of verification; run scripts/checks_table.py")


if __name__ == "__main__":
    main()
