"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2632, "start": 0, "emit": [[0.818, 0.182], [0.058, 0.942], [0.922, 0.078], [0.058, 0.942], [0.922, 0.078]], "next": [[[1, 1], [2, 2]], [[1, 1], [3, 3]], [[4, 4], [2, 2]], [[1, 1], [2, 2]], [[1, 1], [2, 2]]]}, {"share": 0.1579, "start": 2, "emit": [[0.073, 0.927], [0.935, 0.065], [0.936, 0.064], [0.976, 0.024]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[3, 3], [3, 3]], [[0, 0], [0, 0]]]}, {"share": 0.2632, "start": 0, "emit": [[0.74, 0.26]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.3158, "start": 1, "emit": [[0.904, 0.096], [0.055, 0.945]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
