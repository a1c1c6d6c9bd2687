"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.12, "start": 1, "emit": [[0.959, 0.041], [0.044, 0.956]], "next": [[[1, 1], [1, 1]], [[0, 0], [0, 0]]]}, {"share": 0.2, "start": 0, "emit": [[0.033, 0.967], [0.904, 0.096], [0.904, 0.096]], "next": [[[0, 0], [1, 1]], [[2, 2], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2, "start": 0, "emit": [[0.947, 0.053], [0.086, 0.914]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.24, "start": 0, "emit": [[0.758, 0.242]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.24, "start": 1, "emit": [[0.88, 0.12], [0.06, 0.94]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
