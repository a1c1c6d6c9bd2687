"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3333, "start": 0, "emit": [[0.03, 0.97], [0.082, 0.918], [0.938, 0.062]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[0, 0], [0, 0]]]}, {"share": 0.4444, "start": 0, "emit": [[0.075, 0.925], [0.917, 0.083], [0.917, 0.083], [0.917, 0.083], [0.917, 0.083], [0.917, 0.083]], "next": [[[0, 0], [1, 1]], [[2, 2], [1, 1]], [[3, 3], [1, 1]], [[4, 4], [1, 1]], [[5, 5], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2222, "start": 0, "emit": [[0.893, 0.107], [0.109, 0.891]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
