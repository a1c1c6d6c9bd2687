"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.1905, "start": 1, "emit": [[0.901, 0.099], [0.05, 0.95]], "next": [[[0, 0], [1, 1]], [[1, 1], [0, 0]]]}, {"share": 0.2857, "start": 0, "emit": [[0.777, 0.223]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.0952, "start": 0, "emit": [[0.857, 0.143], [0.104, 0.896]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2857, "start": 0, "emit": [[0.321, 0.679]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.1429, "start": 0, "emit": [[0.049, 0.951], [0.089, 0.911], [0.949, 0.051], [0.089, 0.911], [0.949, 0.051]], "next": [[[1, 1], [2, 2]], [[1, 1], [3, 3]], [[4, 4], [2, 2]], [[1, 1], [2, 2]], [[1, 1], [2, 2]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
