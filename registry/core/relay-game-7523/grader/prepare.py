"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.4167, "start": 2, "emit": [[0.911, 0.089], [0.036, 0.964], [0.948, 0.052], [0.05, 0.95]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[3, 3], [3, 3]], [[0, 0], [0, 0]]]}, {"share": 0.25, "start": 1, "emit": [[0.036, 0.964], [0.854, 0.146]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.3333, "start": 0, "emit": [[0.344, 0.656]], "next": [[[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
