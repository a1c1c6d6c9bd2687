"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2778, "start": 0, "emit": [[0.391, 0.609], [0.673, 0.327], [0.713, 0.287], [0.12, 0.88]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}, {"share": 0.3333, "start": 0, "emit": [[0.775, 0.225], [0.913, 0.087], [0.073, 0.927], [0.913, 0.087], [0.073, 0.927]], "next": [[[1, 1], [2, 2]], [[1, 1], [3, 3]], [[4, 4], [2, 2]], [[1, 1], [2, 2]], [[1, 1], [2, 2]]]}, {"share": 0.1111, "start": 0, "emit": [[0.91, 0.09], [0.066, 0.934]], "next": [[[0, 0], [1, 1]], [[1, 1], [0, 0]]]}, {"share": 0.2778, "start": 0, "emit": [[0.134, 0.866]], "next": [[[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
