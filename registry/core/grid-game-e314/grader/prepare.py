"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3636, "start": 3, "emit": [[0.93, 0.07], [0.925, 0.075], [0.918, 0.082], [0.044, 0.956]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[3, 3], [3, 3]], [[0, 0], [0, 0]]]}, {"share": 0.2727, "start": 0, "emit": [[0.133, 0.867]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.3636, "start": 0, "emit": [[0.158, 0.842], [0.955, 0.045], [0.084, 0.916], [0.955, 0.045], [0.084, 0.916]], "next": [[[1, 1], [2, 2]], [[1, 1], [3, 3]], [[4, 4], [2, 2]], [[1, 1], [2, 2]], [[1, 1], [2, 2]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
