"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2143, "start": 0, "emit": [[0.163, 0.837], [0.979, 0.021], [0.082, 0.918], [0.979, 0.021], [0.082, 0.918]], "next": [[[1, 1], [2, 2]], [[1, 1], [3, 3]], [[4, 4], [2, 2]], [[1, 1], [2, 2]], [[1, 1], [2, 2]]]}, {"share": 0.4286, "start": 0, "emit": [[0.64, 0.36]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.3571, "start": 0, "emit": [[0.202, 0.798], [0.213, 0.787], [0.617, 0.383], [0.154, 0.846]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
