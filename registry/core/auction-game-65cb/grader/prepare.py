"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2667, "start": 0, "emit": [[0.089, 0.911], [0.879, 0.121]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.3333, "start": 0, "emit": [[0.034, 0.966], [0.92, 0.08]], "next": [[[1, 1], [0, 0]], [[1, 1], [1, 1]]]}, {"share": 0.4, "start": 0, "emit": [[0.827, 0.173], [0.735, 0.265], [0.3, 0.7], [0.318, 0.682]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
