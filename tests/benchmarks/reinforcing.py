"""Where the time of reinforcement goes, with a student that can play.

The rows need one: `SYNTHGYM_BENCH_STUDENT=runs/sft make bench`, with what `synthgym train sft` made of SmolLM2-135M.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from timing import Row

STUDENT = "SYNTHGYM_BENCH_STUDENT"
STEPS = 4


def rows() -> Iterator[Row]:
    """Shares of the steps' wall-clock time; the first step is left out, for it waits for the server to start."""
    student = os.environ.get(STUDENT)
    if not student:
        return
    from synthgym.cli.shared.options import select_envs
    from synthgym.train.recipes.loading import load_recipe
    from synthgym.train.rl.metrics import METRICS_FILE, MetricsFile
    from synthgym.train.rl.run import train_rl
    from synthgym.train.rl.settings import RLSettings

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "rl"
        settings = load_recipe("rl", "smollm2-135m", [f"steps={STEPS}", "report_to=[]"], RLSettings)
        report = train_rl(select_envs(["synthgym/*"], "train", None), student, out, settings)
        steps = MetricsFile(out / METRICS_FILE).read()[1:]
    whole = sum(step["seconds/step"] for step in steps)
    mean = f"{whole / len(steps):.0f} s"
    for name, title, aim in (
        ("share/environments", "environments alone", "≤ 5 %"),
        ("share/other", "neither episodes nor optimisation", "≤ 10 %"),
    ):
        seconds = sum(step[name] * step["seconds/step"] for step in steps)
        yield f"RL, a step: {title}", f"{seconds / len(steps):.2f} s", mean, f"{seconds / whole:.1%}", aim
    trained = sum(step["batch/tokens"] for step in steps) / sum(step["seconds/optimisation"] for step in steps)
    yield f"RL, tokens trained, {report.engine} beside it", f"{trained:.0f} tok/s", "", "", ""
