"""Rewrites the results in docs/guides/training.md from folders of `synthgym quickstart`.

for model in small smollm2-135m; do .venv/bin/synthgym quickstart --model $model --out runs/$model; done
.venv/bin/python scripts/training_results.py runs/small runs/smollm2-135m
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from synthgym.quickstart import BASE, FULL, QUICK, STUDENT, TEACHER

PAGE = Path(__file__).parents[1] / "docs" / "guides" / "training.md"
BEGIN, END = "<!-- results: made by scripts/training_results.py -->\n", "<!-- end of results -->\n"
HEAD = """
| run | | improvement | 95 % interval | solved | AUP best | AUP last |
| --- | --- | ---: | ---: | ---: | ---: | ---: |
"""


def rows(summary: dict[str, Any]) -> str:
    """The lines of one run."""
    name = command(summary)
    lines = []
    for solver in (BASE, STUDENT, TEACHER):
        found = summary["solvers"][solver]
        low, high = found["mean_improvement_interval"]
        cells = [f"`{name}`" if solver == BASE else "", solver, f"{found['mean_improvement']:.3f}"]
        cells += [f"{low:.3f} to {high:.3f}", f"{found['share_solved']:.0%}".replace("%", " %")]
        cells += [f"{found['aup_best']:.3f}", f"{found['aup_last']:.3f}"]
        lines.append("| " + " | ".join(cells) + " |\n")
    return "".join(lines)


def words(summary: dict[str, Any]) -> str:
    """What one run was made of."""
    trained, solvers = summary["training"], summary["solvers"]
    return (
        f"`{command(summary)}`: {trained['conversations']} conversations, {trained['steps']:,} steps of SFT, "
        f"{solvers['challenges']} held-out challenges; the student earns "
        f"{solvers['student_share_of_teacher'] * 100:.0f} % of what the teacher earns. AUP is "
        f"{solvers['aup_largest']:g} at most.\n"
    )


def command(summary: dict[str, Any]) -> str:
    """The command that makes such a run."""
    settings = summary["settings"]
    known = {QUICK.train_steps: "", FULL.train_steps: " --full"}
    if settings["train_steps"] not in known:
        sys.exit(f"a run with {settings['train_steps']} steps is neither `synthgym quickstart` nor one with --full")
    return f"synthgym quickstart{known[settings['train_steps']]} --model {settings['model']}"


def main() -> None:
    """Takes the folders from the command line."""
    if not sys.argv[1:]:
        sys.exit(__doc__)
    summaries = [json.loads((Path(folder) / "summary.json").read_text(encoding="utf-8")) for folder in sys.argv[1:]]
    text = HEAD + "".join(map(rows, summaries)) + "\n" + "\n".join(map(words, summaries))
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    PAGE.write_text(before + BEGIN + text + "\n" + END + rest.split(END)[1], encoding="utf-8")


if __name__ == "__main__":
    main()
