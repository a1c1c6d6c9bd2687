"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2667, "start": 0, "emit": [[0.928, 0.072], [0.026, 0.974], [0.026, 0.974], [0.026, 0.974]], "next": [[[1, 1], [0, 0]], [[1, 1], [2, 2]], [[1, 1], [3, 3]], [[1, 1], [0, 0]]]}, {"share": 0.3333, "start": 0, "emit": [[0.919, 0.081], [0.107, 0.893]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.4, "start": 2, "emit": [[0.327, 0.673], [0.646, 0.354], [0.275, 0.725], [0.814, 0.186]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
