"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2381, "start": 0, "emit": [[0.814, 0.186]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.1429, "start": 1, "emit": [[0.063, 0.937], [0.048, 0.952], [0.945, 0.055]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[0, 0], [0, 0]]]}, {"share": 0.1429, "start": 1, "emit": [[0.235, 0.765], [0.133, 0.867], [0.317, 0.683], [0.642, 0.358]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}, {"share": 0.2381, "start": 0, "emit": [[0.021, 0.979], [0.944, 0.056], [0.944, 0.056]], "next": [[[0, 0], [1, 1]], [[2, 2], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2381, "start": 0, "emit": [[0.766, 0.234]], "next": [[[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
