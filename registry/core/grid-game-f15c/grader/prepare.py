"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.25, "start": 0, "emit": [[0.805, 0.195], [0.958, 0.042], [0.064, 0.936], [0.958, 0.042], [0.064, 0.936]], "next": [[[1, 1], [2, 2]], [[1, 1], [3, 3]], [[4, 4], [2, 2]], [[1, 1], [2, 2]], [[1, 1], [2, 2]]]}, {"share": 0.1, "start": 0, "emit": [[0.978, 0.022], [0.073, 0.927]], "next": [[[0, 0], [1, 1]], [[1, 1], [0, 0]]]}, {"share": 0.25, "start": 1, "emit": [[0.945, 0.055], [0.057, 0.943]], "next": [[[1, 1], [1, 1]], [[0, 0], [0, 0]]]}, {"share": 0.3, "start": 0, "emit": [[0.206, 0.794]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.1, "start": 1, "emit": [[0.07, 0.93], [0.882, 0.118]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
