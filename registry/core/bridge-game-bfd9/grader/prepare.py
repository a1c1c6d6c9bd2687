"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.4286, "start": 0, "emit": [[0.088, 0.912], [0.98, 0.02], [0.98, 0.02], [0.98, 0.02], [0.98, 0.02], [0.98, 0.02]], "next": [[[1, 1], [0, 0]], [[1, 1], [2, 2]], [[1, 1], [3, 3]], [[1, 1], [4, 4]], [[1, 1], [5, 5]], [[1, 1], [0, 0]]]}, {"share": 0.2143, "start": 0, "emit": [[0.863, 0.137]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.3571, "start": 0, "emit": [[0.181, 0.819], [0.887, 0.113], [0.089, 0.911], [0.284, 0.716]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
