"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.1818, "start": 1, "emit": [[0.074, 0.926], [0.881, 0.119]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2727, "start": 0, "emit": [[0.877, 0.123], [0.146, 0.854]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.5455, "start": 0, "emit": [[0.065, 0.935], [0.903, 0.097], [0.903, 0.097], [0.903, 0.097], [0.903, 0.097], [0.903, 0.097]], "next": [[[1, 1], [0, 0]], [[1, 1], [2, 2]], [[1, 1], [3, 3]], [[1, 1], [4, 4]], [[1, 1], [5, 5]], [[1, 1], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
