"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2, "start": 0, "emit": [[0.904, 0.096], [0.073, 0.927], [0.073, 0.927]], "next": [[[1, 1], [0, 0]], [[1, 1], [2, 2]], [[1, 1], [0, 0]]]}, {"share": 0.4, "start": 0, "emit": [[0.175, 0.825]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.4, "start": 1, "emit": [[0.913, 0.087], [0.13, 0.87]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
