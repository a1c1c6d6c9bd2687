"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.4286, "start": 0, "emit": [[0.938, 0.031, 0.031], [0.048, 0.904, 0.048], [0.037, 0.037, 0.926]], "next": [[[1, 1, 1], [1, 1, 1], [0, 0, 0]], [[2, 2, 2], [2, 2, 2], [1, 1, 1]], [[0, 0, 0], [0, 0, 0], [2, 2, 2]]]}, {"share": 0.2143, "start": 0, "emit": [[0.1815, 0.1815, 0.637]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.3571, "start": 0, "emit": [[0.624, 0.188, 0.188]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
