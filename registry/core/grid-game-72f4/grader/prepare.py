"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3333, "start": 1, "emit": [[0.667, 0.333], [0.844, 0.156], [0.64, 0.36], [0.713, 0.287]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}, {"share": 0.3333, "start": 0, "emit": [[0.168, 0.832], [0.978, 0.022], [0.072, 0.928], [0.978, 0.022], [0.072, 0.928]], "next": [[[1, 1], [2, 2]], [[1, 1], [3, 3]], [[4, 4], [2, 2]], [[1, 1], [2, 2]], [[1, 1], [2, 2]]]}, {"share": 0.3333, "start": 0, "emit": [[0.065, 0.935], [0.952, 0.048]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
