"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.4615, "start": 0, "emit": [[0.042, 0.042, 0.916], [0.0155, 0.969, 0.0155], [0.0155, 0.969, 0.0155]], "next": [[[0, 0, 0], [0, 0, 0], [1, 1, 1]], [[2, 2, 2], [2, 2, 2], [1, 1, 1]], [[0, 0, 0], [0, 0, 0], [1, 1, 1]]]}, {"share": 0.1538, "start": 0, "emit": [[0.76, 0.12, 0.12]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.3846, "start": 0, "emit": [[0.018, 0.964, 0.018], [0.959, 0.0205, 0.0205], [0.0255, 0.0255, 0.949]], "next": [[[1, 1, 1], [1, 1, 1], [1, 1, 1]], [[2, 2, 2], [2, 2, 2], [2, 2, 2]], [[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
