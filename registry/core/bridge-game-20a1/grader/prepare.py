"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.4615, "start": 0, "emit": [[0.8, 0.2]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.3846, "start": 0, "emit": [[0.047, 0.953], [0.934, 0.066], [0.934, 0.066], [0.934, 0.066], [0.934, 0.066], [0.934, 0.066]], "next": [[[1, 1], [0, 0]], [[1, 1], [2, 2]], [[1, 1], [3, 3]], [[1, 1], [4, 4]], [[1, 1], [5, 5]], [[1, 1], [0, 0]]]}, {"share": 0.1538, "start": 0, "emit": [[0.934, 0.066], [0.142, 0.858]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
