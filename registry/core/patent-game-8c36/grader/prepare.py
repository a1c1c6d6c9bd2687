"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2778, "start": 0, "emit": [[0.647, 0.353]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.2222, "start": 1, "emit": [[0.919, 0.081], [0.115, 0.885]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.3333, "start": 1, "emit": [[0.859, 0.141], [0.13, 0.87]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.1667, "start": 1, "emit": [[0.95, 0.05], [0.023, 0.977]], "next": [[[1, 1], [1, 1]], [[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
