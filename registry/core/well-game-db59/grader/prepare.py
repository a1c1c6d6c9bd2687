"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3125, "start": 1, "emit": [[0.916, 0.042, 0.042], [0.948, 0.026, 0.026], [0.035, 0.93, 0.035]], "next": [[[1, 1, 1], [1, 1, 1], [1, 1, 1]], [[2, 2, 2], [2, 2, 2], [2, 2, 2]], [[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.1875, "start": 0, "emit": [[0.814, 0.093, 0.093]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.375, "start": 0, "emit": [[0.918, 0.041, 0.041], [0.031, 0.938, 0.031]], "next": [[[0, 0, 0], [0, 0, 0], [1, 1, 1]], [[1, 1, 1], [1, 1, 1], [1, 1, 1]]]}, {"share": 0.125, "start": 0, "emit": [[0.0805, 0.839, 0.0805]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
