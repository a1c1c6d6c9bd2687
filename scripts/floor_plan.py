"""Writes the rooms of docs/internals/rooms.md from the modules' own first lines; a test compares them.

python scripts/floor_plan.py           # writes the page
python scripts/floor_plan.py --check   # says what is no longer true
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "internals" / "rooms.md"
FLOORS = ("synthgym/base", "registry", "envs", "agents", "train", "synthgym/synthesis", "synthgym/cli")
"""From below to above, as they stand on the page."""

START, END = "<!-- rooms: made by scripts/floor_plan.py -->\n", "<!-- end of rooms -->\n"


def first_line(path: Path) -> str:
    """What a module says of itself, without its last mark."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split()).rstrip(".:").replace("``", "`")


def place(path: Path) -> tuple[str, ...]:
    """Where a room stands: behind those that it is in."""
    return path.parent.parts


def rooms() -> str:
    """All rooms as Markdown."""
    parts = []
    for room in (path.parent for floor in FLOORS for path in sorted((ROOT / floor).rglob("__init__.py"), key=place)):
        head = first_line(room / "__init__.py")
        parts.append(f"\n### `{room.relative_to(ROOT)}/`\n\n{head}.\n\n| file | one line |\n| --- | --- |\n")
        files = [path for path in sorted(room.glob("*.py")) if path.name != "__init__.py"]
        parts += [f"| `{path.name}` | {first_line(path)} |\n" for path in files]
    return "".join(parts) + "\n"


def page() -> str:
    """The page as it should be."""
    before, rest = PAGE.read_text(encoding="utf-8").split(START)
    return before + START + rooms() + END + rest.split(END)[1]


if __name__ == "__main__":
    if "--check" not in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    elif page() != PAGE.read_text(encoding="utf-8"):
        sys.exit("docs/internals/rooms.md is no longer true; run: python scripts/floor_plan.py")
