"""Writes the table of attacks of docs/guides/sandboxes.md from the tests that make them; a test compares them.

python scripts/attack_table.py           # writes the page
python scripts/attack_table.py --check   # says what is no longer true
"""

from __future__ import annotations

import ast
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "guides" / "sandboxes.md"
ATTACKS = ROOT / "tests" / "attacks"
START, END = "<!-- attacks: made by scripts/attack_table.py -->\n", "<!-- end of attacks -->\n"


def collected() -> list[str]:
    """The ids of all attacks, on every backend that they are made on."""
    command = [sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml", "--rootdir", ROOT, "-q"]
    command += ["-p", "no:cacheprovider", "--collect-only", ATTACKS]
    with tempfile.TemporaryDirectory() as away:  # where ./synthgym does not shadow what is installed
        done = subprocess.run(command, cwd=away, capture_output=True, text=True)
    if done.returncode:
        sys.exit(
            f"scripts/attack_table.py: the attacks cannot be collected: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        )
    return [line for line in done.stdout.splitlines() if "::" in line]


def table() -> str:
    """A line for each kind of attack: what is tried, and how many there are."""
    counts: Counter[tuple[str, str]] = Counter()
    for line in collected():
        name = Path(line.split("::")[0]).name
        parameters = line.partition("[")[2].rstrip("]").split("-")
        counts[name, "docker" if "docker" in parameters else "bubblewrap"] += 1
    rows = ["| what is tried | `tests/attacks/` | bubblewrap, or none | Docker |", "| --- | --- | ---: | ---: |"]
    totals = Counter[str]()
    for path in sorted(ATTACKS.glob("test_*.py")):
        text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        first = " ".join(text.split("\n\n")[0].split()).rstrip(".").replace("|", "\\|")
        here = {backend: counts[path.name, backend] for backend in ("bubblewrap", "docker")}
        totals.update(here)
        rows.append(f"| {first} | `{path.name}` | {here['bubblewrap']} | {here['docker']} |")
    rows.append(f"| all | | {totals['bubblewrap']} | {totals['docker']} |")
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
        sys.exit("docs/guides/sandboxes.md: its table of attacks is out of date; run: python scripts/attack_table.py")


if __name__ == "__main__":
    main()
