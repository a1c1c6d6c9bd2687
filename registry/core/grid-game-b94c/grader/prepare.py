"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3333, "start": 0, "emit": [[0.14, 0.86]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.3333, "start": 1, "emit": [[0.059, 0.941], [0.092, 0.908], [0.976, 0.024]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[0, 0], [0, 0]]]}, {"share": 0.3333, "start": 1, "emit": [[0.957, 0.043], [0.063, 0.937]], "next": [[[0, 0], [1, 1]], [[1, 1], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
