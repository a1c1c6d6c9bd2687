"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3333, "start": 0, "emit": [[0.962, 0.038], [0.021, 0.979]], "next": [[[0, 0], [1, 1]], [[1, 1], [0, 0]]]}, {"share": 0.3333, "start": 0, "emit": [[0.18, 0.82], [0.037, 0.963], [0.956, 0.044], [0.037, 0.963], [0.956, 0.044]], "next": [[[1, 1], [2, 2]], [[1, 1], [3, 3]], [[4, 4], [2, 2]], [[1, 1], [2, 2]], [[1, 1], [2, 2]]]}, {"share": 0.3333, "start": 0, "emit": [[0.925, 0.075], [0.033, 0.967], [0.047, 0.953], [0.07, 0.93]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[3, 3], [3, 3]], [[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
