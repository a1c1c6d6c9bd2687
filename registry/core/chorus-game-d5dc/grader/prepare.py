"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2857, "start": 0, "emit": [[0.875, 0.125], [0.132, 0.868]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2857, "start": 0, "emit": [[0.916, 0.084], [0.034, 0.966]], "next": [[[0, 0], [1, 1]], [[1, 1], [0, 0]]]}, {"share": 0.2381, "start": 0, "emit": [[0.877, 0.123]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.1905, "start": 0, "emit": [[0.059, 0.941], [0.065, 0.935], [0.909, 0.091], [0.065, 0.935], [0.909, 0.091]], "next": [[[1, 1], [2, 2]], [[1, 1], [3, 3]], [[4, 4], [2, 2]], [[1, 1], [2, 2]], [[1, 1], [2, 2]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
