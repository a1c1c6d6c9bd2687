"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2105, "start": 1, "emit": [[0.924, 0.076], [0.131, 0.869]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.1579, "start": 0, "emit": [[0.883, 0.117]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.3158, "start": 0, "emit": [[0.605, 0.395], [0.284, 0.716], [0.614, 0.386], [0.791, 0.209]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}, {"share": 0.3158, "start": 0, "emit": [[0.959, 0.041], [0.908, 0.092], [0.917, 0.083], [0.094, 0.906]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[3, 3], [3, 3]], [[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
