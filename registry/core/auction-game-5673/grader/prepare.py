"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3, "start": 0, "emit": [[0.927, 0.073], [0.044, 0.956]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2, "start": 1, "emit": [[0.979, 0.021], [0.065, 0.935], [0.066, 0.934], [0.046, 0.954]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[3, 3], [3, 3]], [[0, 0], [0, 0]]]}, {"share": 0.15, "start": 0, "emit": [[0.298, 0.702]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.2, "start": 1, "emit": [[0.13, 0.87], [0.34, 0.66], [0.807, 0.193], [0.07, 0.93]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}, {"share": 0.15, "start": 1, "emit": [[0.87, 0.13], [0.103, 0.897]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
