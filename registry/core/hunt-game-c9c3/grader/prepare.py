"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3, "start": 0, "emit": [[0.074, 0.926], [0.933, 0.067]], "next": [[[1, 1], [1, 1]], [[0, 0], [0, 0]]]}, {"share": 0.15, "start": 0, "emit": [[0.108, 0.892]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.2, "start": 1, "emit": [[0.906, 0.094], [0.061, 0.939]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.15, "start": 0, "emit": [[0.091, 0.909], [0.953, 0.047], [0.953, 0.047]], "next": [[[1, 1], [0, 0]], [[1, 1], [2, 2]], [[1, 1], [0, 0]]]}, {"share": 0.2, "start": 0, "emit": [[0.069, 0.931], [0.85, 0.15]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
