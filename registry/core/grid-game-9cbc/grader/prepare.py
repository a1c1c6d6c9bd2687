"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3333, "start": 0, "emit": [[0.864, 0.136], [0.935, 0.065], [0.042, 0.958], [0.935, 0.065], [0.042, 0.958]], "next": [[[1, 1], [2, 2]], [[1, 1], [3, 3]], [[4, 4], [2, 2]], [[1, 1], [2, 2]], [[1, 1], [2, 2]]]}, {"share": 0.1111, "start": 0, "emit": [[0.041, 0.959], [0.912, 0.088]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.3333, "start": 0, "emit": [[0.177, 0.823]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.2222, "start": 2, "emit": [[0.332, 0.668], [0.914, 0.086], [0.726, 0.274], [0.89, 0.11]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
