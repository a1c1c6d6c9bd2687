"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.1333, "start": 0, "emit": [[0.878, 0.122]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.2, "start": 0, "emit": [[0.119, 0.881], [0.91, 0.09]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2, "start": 0, "emit": [[0.98, 0.02], [0.055, 0.945], [0.055, 0.945]], "next": [[[1, 1], [0, 0]], [[1, 1], [2, 2]], [[1, 1], [0, 0]]]}, {"share": 0.2667, "start": 0, "emit": [[0.937, 0.063], [0.131, 0.869]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2, "start": 0, "emit": [[0.035, 0.965], [0.95, 0.05]], "next": [[[1, 1], [1, 1]], [[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
