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
ROOMS = [
    "synthgym/base",
    "synthgym/base/files",
    "synthgym/base/jobs",
    "registry",
    "registry/collections",
    "registry/hub",
    "registry/mlgym",
    "registry/mlgym/hub",
    "envs",
    "envs/grading",
    "envs/measuring",
    "envs/mlgym",
    "envs/vector",
    "envs/sandboxes",
    "envs/sandboxes/bubblewrap",
    "envs/sandboxes/docker",
    "envs/sandboxes/swerex",
    "envs/conformance",
    "envs/tools",
    "envs/tools/elsewhere",
    "envs/tools/supervisor",
    "agents",
    "agents/chat",
    "agents/endpoint",
    "agents/endpoint/complaints",
    "agents/mlgym",
    "agents/research",
    "agents/rollouts",
    "agents/trajectories",
    "train",
    "train/evaluation",
    "train/evaluation/aup",
    "train/evaluation/mlgym",
    "train/kernels",
    "train/models",
    "train/quick",
    "train/recipes",
    "train/rl",
    "train/rl/collecting",
    "train/rl/generation",
    "train/rl/optimizing",
    "train/serving",
    "train/sharing",
    "train/sft",
    "train/small",
    "train/trl",
    "synthgym/synthesis",
    "synthgym/synthesis/families",
    "synthgym/synthesis/families/games",
    "synthgym/synthesis/families/tabular",
    "synthgym/synthesis/language",
    "synthgym/synthesis/language/data",
    "synthgym/synthesis/leaks",
    "synthgym/synthesis/mlgym",
    "synthgym/synthesis/tables",
    "synthgym/synthesis/verification",
    "synthgym/cli",
    "synthgym/cli/collections",
    "synthgym/cli/mlgym",
    "synthgym/cli/shared",
    "synthgym/cli/training",
]
FLOORS = ("synthgym", "registry", "envs", "agents", "train")
START, END = "<!-- rooms: made by scripts/floor_plan.py -->\n", "<!-- end of rooms -->\n"


def first_line(path: Path) -> str:
    """What a module says of itself, without its last mark."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split()).rstrip(".:").replace("``", "`")


def rooms() -> str:
    """All rooms as Markdown."""
    packages = {str(path.parent.relative_to(ROOT)) for floor in FLOORS for path in (ROOT / floor).rglob("__init__.py")}
    missing = packages - set(ROOMS) - {"synthgym"}
    if missing:
        sys.exit(f"scripts/floor_plan.py has no place for {', '.join(sorted(missing))}")
    parts = []
    for room in ROOMS:
        head = first_line(ROOT / room / "__init__.py")
        parts.append(f"\n### `{room}/`\n\n{head}.\n\n| file | one line |\n| --- | --- |\n")
        files = [path for path in sorted((ROOT / room).glob("*.py")) if path.name != "__init__.py"]
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
