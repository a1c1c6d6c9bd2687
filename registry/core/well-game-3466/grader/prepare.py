"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.1905, "start": 1, "emit": [[0.909, 0.091], [0.046, 0.954]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.0952, "start": 0, "emit": [[0.107, 0.893], [0.963, 0.037]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2857, "start": 0, "emit": [[0.102, 0.898]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.2857, "start": 0, "emit": [[0.046, 0.954], [0.952, 0.048], [0.952, 0.048], [0.952, 0.048]], "next": [[[0, 0], [1, 1]], [[2, 2], [1, 1]], [[3, 3], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.1429, "start": 1, "emit": [[0.919, 0.081], [0.079, 0.921]], "next": [[[1, 1], [1, 1]], [[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
