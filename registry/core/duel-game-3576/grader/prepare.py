"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2609, "start": 0, "emit": [[0.902, 0.098], [0.027, 0.973], [0.027, 0.973], [0.027, 0.973]], "next": [[[0, 0], [1, 1]], [[2, 2], [1, 1]], [[3, 3], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.087, "start": 0, "emit": [[0.825, 0.175]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.2609, "start": 0, "emit": [[0.125, 0.875], [0.891, 0.109]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2609, "start": 1, "emit": [[0.875, 0.125], [0.087, 0.913]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.1304, "start": 0, "emit": [[0.843, 0.157]], "next": [[[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
