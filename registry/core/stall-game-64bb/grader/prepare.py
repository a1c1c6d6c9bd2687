"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.1429, "start": 3, "emit": [[0.655, 0.345], [0.359, 0.641], [0.817, 0.183], [0.168, 0.832]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}, {"share": 0.4286, "start": 1, "emit": [[0.913, 0.087], [0.142, 0.858]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.4286, "start": 3, "emit": [[0.903, 0.097], [0.078, 0.922], [0.911, 0.089], [0.038, 0.962]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[3, 3], [3, 3]], [[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
