"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2, "start": 0, "emit": [[0.142, 0.858], [0.913, 0.087]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.12, "start": 0, "emit": [[0.968, 0.032], [0.084, 0.916], [0.084, 0.916]], "next": [[[0, 0], [1, 1]], [[2, 2], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.24, "start": 1, "emit": [[0.925, 0.075], [0.104, 0.896]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2, "start": 0, "emit": [[0.923, 0.077], [0.027, 0.973], [0.06, 0.94]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[0, 0], [0, 0]]]}, {"share": 0.24, "start": 0, "emit": [[0.26, 0.74]], "next": [[[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
