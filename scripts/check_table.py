"""Writes the table of checks of docs/guides/challenges.md from the one that verification goes by.

python scripts/check_table.py           # writes the page
python scripts/check_table.py --check   # says whether it is true; a test does
"""

from __future__ import annotations

import sys
from pathlib import Path

from synthgym.synthesis.verification.checks import CHECKS, OF_NO_CHECK

START, END = "<!-- checks: made by scripts/check_table.py -->\n", "<!-- end of checks -->\n"
PAGE = Path(__file__).resolve().parents[1] / "docs" / "guides" / "challenges.md"
_ROOM = "synthgym.synthesis."


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
    before, rest = PAGE.read_text(encoding="utf-8").split(START)
    return before + START + "\n".join(checks()) + "\n" + END + rest.split(END)[1]


def main() -> None:
    """Writes the page, or compares it."""
    if "--check" not in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    elif page() != PAGE.read_text(encoding="utf-8"):
        sys.exit(f"{PAGE}: its table of checks is out of date; run: python scripts/check_table.py")


if __name__ == "__main__":
    main()
