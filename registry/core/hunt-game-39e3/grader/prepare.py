"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2857, "start": 0, "emit": [[0.93, 0.07], [0.069, 0.931]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.1905, "start": 0, "emit": [[0.88, 0.12], [0.106, 0.894]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2857, "start": 1, "emit": [[0.146, 0.854], [0.8, 0.2], [0.219, 0.781], [0.893, 0.107]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}, {"share": 0.2381, "start": 0, "emit": [[0.048, 0.952], [0.935, 0.065], [0.935, 0.065], [0.935, 0.065]], "next": [[[0, 0], [1, 1]], [[2, 2], [1, 1]], [[3, 3], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
