"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.4, "start": 1, "emit": [[0.068, 0.932], [0.868, 0.132]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2, "start": 0, "emit": [[0.785, 0.215]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.4, "start": 0, "emit": [[0.859, 0.141], [0.098, 0.902], [0.958, 0.042], [0.098, 0.902], [0.958, 0.042]], "next": [[[1, 1], [2, 2]], [[1, 1], [3, 3]], [[4, 4], [2, 2]], [[1, 1], [2, 2]], [[1, 1], [2, 2]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
