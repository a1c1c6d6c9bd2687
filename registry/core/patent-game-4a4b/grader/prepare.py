"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.25, "start": 0, "emit": [[0.777, 0.223]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.1667, "start": 0, "emit": [[0.856, 0.144], [0.063, 0.937]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.1667, "start": 1, "emit": [[0.959, 0.041], [0.067, 0.933]], "next": [[[1, 1], [1, 1]], [[0, 0], [0, 0]]]}, {"share": 0.4167, "start": 0, "emit": [[0.061, 0.939], [0.967, 0.033]], "next": [[[0, 0], [1, 1]], [[1, 1], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
