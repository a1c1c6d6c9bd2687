"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.1429, "start": 0, "emit": [[0.064, 0.936], [0.971, 0.029], [0.072, 0.928], [0.971, 0.029], [0.072, 0.928]], "next": [[[1, 1], [2, 2]], [[1, 1], [3, 3]], [[4, 4], [2, 2]], [[1, 1], [2, 2]], [[1, 1], [2, 2]]]}, {"share": 0.2143, "start": 0, "emit": [[0.972, 0.028], [0.087, 0.913]], "next": [[[0, 0], [1, 1]], [[1, 1], [0, 0]]]}, {"share": 0.2143, "start": 0, "emit": [[0.952, 0.048], [0.059, 0.941]], "next": [[[1, 1], [1, 1]], [[0, 0], [0, 0]]]}, {"share": 0.2143, "start": 1, "emit": [[0.891, 0.109], [0.072, 0.928]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2143, "start": 0, "emit": [[0.357, 0.643]], "next": [[[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
