"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2222, "start": 0, "emit": [[0.829, 0.171]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.2778, "start": 0, "emit": [[0.896, 0.104]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.2778, "start": 1, "emit": [[0.91, 0.09], [0.088, 0.912], [0.045, 0.955]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[0, 0], [0, 0]]]}, {"share": 0.2222, "start": 3, "emit": [[0.314, 0.686], [0.086, 0.914], [0.074, 0.926], [0.056, 0.944]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
