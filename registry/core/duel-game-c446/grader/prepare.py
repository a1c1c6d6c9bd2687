"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3529, "start": 0, "emit": [[0.923, 0.077], [0.071, 0.929], [0.071, 0.929], [0.071, 0.929]], "next": [[[0, 0], [1, 1]], [[2, 2], [1, 1]], [[3, 3], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.1765, "start": 1, "emit": [[0.903, 0.097], [0.141, 0.859]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.1176, "start": 1, "emit": [[0.332, 0.668], [0.662, 0.338], [0.143, 0.857], [0.79, 0.21]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}, {"share": 0.3529, "start": 0, "emit": [[0.09, 0.91], [0.924, 0.076]], "next": [[[1, 1], [1, 1]], [[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
