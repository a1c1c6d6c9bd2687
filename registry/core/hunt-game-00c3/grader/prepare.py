"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.25, "start": 1, "emit": [[0.879, 0.121], [0.135, 0.865]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.1875, "start": 3, "emit": [[0.348, 0.652], [0.655, 0.345], [0.878, 0.122], [0.328, 0.672]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}, {"share": 0.125, "start": 0, "emit": [[0.953, 0.047], [0.086, 0.914], [0.086, 0.914]], "next": [[[1, 1], [0, 0]], [[1, 1], [2, 2]], [[1, 1], [0, 0]]]}, {"share": 0.125, "start": 0, "emit": [[0.356, 0.644]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.3125, "start": 0, "emit": [[0.087, 0.913], [0.933, 0.067], [0.903, 0.097]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
