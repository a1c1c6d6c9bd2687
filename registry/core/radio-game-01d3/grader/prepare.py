"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.5, "start": 0, "emit": [[0.963, 0.0185, 0.0185], [0.039, 0.922, 0.039], [0.0475, 0.0475, 0.905]], "next": [[[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]]]}, {"share": 0.2, "start": 0, "emit": [[0.887, 0.0565, 0.0565]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.3, "start": 2, "emit": [[0.042, 0.916, 0.042], [0.9, 0.05, 0.05], [0.048, 0.048, 0.904]], "next": [[[1, 1, 1], [1, 1, 1], [1, 1, 1]], [[2, 2, 2], [2, 2, 2], [2, 2, 2]], [[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
