"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3333, "start": 2, "emit": [[0.782, 0.218], [0.218, 0.782], [0.911, 0.089], [0.381, 0.619]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}, {"share": 0.4167, "start": 0, "emit": [[0.93, 0.07], [0.032, 0.968]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.25, "start": 0, "emit": [[0.924, 0.076], [0.065, 0.935], [0.065, 0.935]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
