"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.125, "start": 2, "emit": [[0.98, 0.02], [0.948, 0.052], [0.044, 0.956]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[0, 0], [0, 0]]]}, {"share": 0.1875, "start": 0, "emit": [[0.052, 0.948], [0.93, 0.07]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.375, "start": 0, "emit": [[0.823, 0.177]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.3125, "start": 0, "emit": [[0.208, 0.792]], "next": [[[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
