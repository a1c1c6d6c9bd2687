"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.4615, "start": 0, "emit": [[0.2, 0.8]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.3077, "start": 0, "emit": [[0.02, 0.98], [0.945, 0.055], [0.945, 0.055], [0.945, 0.055]], "next": [[[1, 1], [0, 0]], [[1, 1], [2, 2]], [[1, 1], [3, 3]], [[1, 1], [0, 0]]]}, {"share": 0.2308, "start": 1, "emit": [[0.102, 0.898], [0.943, 0.057]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
