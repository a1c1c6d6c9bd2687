"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3529, "start": 0, "emit": [[0.306, 0.694]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.1765, "start": 1, "emit": [[0.053, 0.947], [0.858, 0.142]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.1176, "start": 2, "emit": [[0.963, 0.037], [0.038, 0.962], [0.087, 0.913]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[0, 0], [0, 0]]]}, {"share": 0.3529, "start": 0, "emit": [[0.033, 0.967], [0.945, 0.055], [0.08, 0.92], [0.945, 0.055], [0.08, 0.92]], "next": [[[1, 1], [2, 2]], [[1, 1], [3, 3]], [[4, 4], [2, 2]], [[1, 1], [2, 2]], [[1, 1], [2, 2]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
