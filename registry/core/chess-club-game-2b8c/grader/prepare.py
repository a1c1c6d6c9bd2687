"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3158, "start": 2, "emit": [[0.918, 0.082], [0.959, 0.041], [0.085, 0.915]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[0, 0], [0, 0]]]}, {"share": 0.3158, "start": 0, "emit": [[0.165, 0.835], [0.085, 0.915], [0.96, 0.04], [0.085, 0.915], [0.96, 0.04]], "next": [[[1, 1], [2, 2]], [[1, 1], [3, 3]], [[4, 4], [2, 2]], [[1, 1], [2, 2]], [[1, 1], [2, 2]]]}, {"share": 0.1053, "start": 1, "emit": [[0.893, 0.107], [0.041, 0.959]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.1053, "start": 0, "emit": [[0.698, 0.302]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.1579, "start": 0, "emit": [[0.139, 0.861]], "next": [[[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
