"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3, "start": 0, "emit": [[0.925, 0.075], [0.115, 0.885]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.25, "start": 0, "emit": [[0.098, 0.902], [0.966, 0.034]], "next": [[[1, 1], [1, 1]], [[0, 0], [0, 0]]]}, {"share": 0.15, "start": 0, "emit": [[0.058, 0.942], [0.939, 0.061]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.3, "start": 0, "emit": [[0.029, 0.971], [0.915, 0.085], [0.915, 0.085], [0.915, 0.085]], "next": [[[1, 1], [0, 0]], [[1, 1], [2, 2]], [[1, 1], [3, 3]], [[1, 1], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
