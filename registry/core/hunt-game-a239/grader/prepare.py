"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.375, "start": 0, "emit": [[0.957, 0.043], [0.058, 0.942], [0.029, 0.971]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[0, 0], [0, 0]]]}, {"share": 0.25, "start": 0, "emit": [[0.142, 0.858], [0.918, 0.082]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.375, "start": 0, "emit": [[0.305, 0.695]], "next": [[[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
