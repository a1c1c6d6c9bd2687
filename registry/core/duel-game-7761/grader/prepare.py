"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3529, "start": 3, "emit": [[0.62, 0.38], [0.752, 0.248], [0.15, 0.85], [0.65, 0.35]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}, {"share": 0.1765, "start": 0, "emit": [[0.867, 0.133]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.1176, "start": 0, "emit": [[0.197, 0.803]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.1176, "start": 0, "emit": [[0.966, 0.034], [0.071, 0.929]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2353, "start": 0, "emit": [[0.046, 0.954], [0.903, 0.097], [0.028, 0.972], [0.934, 0.066]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[3, 3], [3, 3]], [[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
