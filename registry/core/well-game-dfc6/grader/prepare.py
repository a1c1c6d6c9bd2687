"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3, "start": 0, "emit": [[0.097, 0.903], [0.908, 0.092]], "next": [[[1, 1], [1, 1]], [[0, 0], [0, 0]]]}, {"share": 0.4, "start": 0, "emit": [[0.9, 0.1], [0.038, 0.962]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.3, "start": 0, "emit": [[0.909, 0.091], [0.054, 0.946], [0.054, 0.946]], "next": [[[1, 1], [0, 0]], [[1, 1], [2, 2]], [[1, 1], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
