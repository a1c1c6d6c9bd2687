"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3529, "start": 1, "emit": [[0.915, 0.085], [0.085, 0.915]], "next": [[[1, 1], [1, 1]], [[0, 0], [0, 0]]]}, {"share": 0.2941, "start": 0, "emit": [[0.98, 0.02], [0.081, 0.919], [0.081, 0.919], [0.081, 0.919]], "next": [[[0, 0], [1, 1]], [[2, 2], [1, 1]], [[3, 3], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2353, "start": 0, "emit": [[0.695, 0.305]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.1176, "start": 0, "emit": [[0.047, 0.953], [0.951, 0.049]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
