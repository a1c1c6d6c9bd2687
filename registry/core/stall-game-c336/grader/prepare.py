"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.25, "start": 0, "emit": [[0.883, 0.117]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.25, "start": 0, "emit": [[0.057, 0.943], [0.944, 0.056]], "next": [[[1, 1], [1, 1]], [[0, 0], [0, 0]]]}, {"share": 0.25, "start": 0, "emit": [[0.061, 0.939], [0.936, 0.064], [0.936, 0.064]], "next": [[[0, 0], [1, 1]], [[2, 2], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.1667, "start": 0, "emit": [[0.056, 0.944], [0.889, 0.111]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.0833, "start": 0, "emit": [[0.238, 0.762]], "next": [[[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
