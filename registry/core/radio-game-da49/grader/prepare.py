"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2353, "start": 0, "emit": [[0.03, 0.97], [0.074, 0.926], [0.917, 0.083]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[0, 0], [0, 0]]]}, {"share": 0.2941, "start": 1, "emit": [[0.617, 0.383], [0.678, 0.322], [0.188, 0.812], [0.067, 0.933]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}, {"share": 0.1765, "start": 1, "emit": [[0.939, 0.061], [0.07, 0.93]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2941, "start": 1, "emit": [[0.046, 0.954], [0.886, 0.114]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
