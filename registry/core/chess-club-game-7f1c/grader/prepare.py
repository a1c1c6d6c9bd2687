"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.1333, "start": 0, "emit": [[0.733, 0.267]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.3333, "start": 0, "emit": [[0.225, 0.775]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.1333, "start": 3, "emit": [[0.88, 0.12], [0.651, 0.349], [0.193, 0.807], [0.892, 0.108]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}, {"share": 0.4, "start": 0, "emit": [[0.892, 0.108], [0.053, 0.947], [0.917, 0.083], [0.053, 0.947], [0.917, 0.083]], "next": [[[1, 1], [2, 2]], [[1, 1], [3, 3]], [[4, 4], [2, 2]], [[1, 1], [2, 2]], [[1, 1], [2, 2]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
