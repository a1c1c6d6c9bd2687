"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2222, "start": 0, "emit": [[0.152, 0.848]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.1667, "start": 0, "emit": [[0.911, 0.089], [0.082, 0.918]], "next": [[[0, 0], [1, 1]], [[1, 1], [1, 1]]]}, {"share": 0.1111, "start": 1, "emit": [[0.885, 0.115], [0.063, 0.937]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2778, "start": 1, "emit": [[0.87, 0.13], [0.041, 0.959]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2222, "start": 1, "emit": [[0.818, 0.182], [0.854, 0.146], [0.802, 0.198], [0.389, 0.611]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
