"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2667, "start": 0, "emit": [[0.056, 0.944], [0.078, 0.922], [0.913, 0.087], [0.078, 0.922], [0.913, 0.087]], "next": [[[1, 1], [2, 2]], [[1, 1], [3, 3]], [[4, 4], [2, 2]], [[1, 1], [2, 2]], [[1, 1], [2, 2]]]}, {"share": 0.4, "start": 1, "emit": [[0.879, 0.121], [0.095, 0.905]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.3333, "start": 2, "emit": [[0.099, 0.901], [0.91, 0.09], [0.028, 0.972], [0.949, 0.051]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[3, 3], [3, 3]], [[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
