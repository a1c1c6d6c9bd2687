"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3158, "start": 0, "emit": [[0.904, 0.096], [0.053, 0.947], [0.053, 0.947]], "next": [[[0, 0], [1, 1]], [[2, 2], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.1579, "start": 1, "emit": [[0.052, 0.948], [0.972, 0.028]], "next": [[[1, 1], [1, 1]], [[0, 0], [0, 0]]]}, {"share": 0.3158, "start": 0, "emit": [[0.294, 0.706], [0.713, 0.287], [0.649, 0.351], [0.085, 0.915]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}, {"share": 0.1053, "start": 0, "emit": [[0.264, 0.736]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.1053, "start": 1, "emit": [[0.108, 0.892], [0.872, 0.128]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
