"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.1875, "start": 0, "emit": [[0.705, 0.295]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.1875, "start": 0, "emit": [[0.616, 0.384]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.375, "start": 3, "emit": [[0.094, 0.906], [0.051, 0.949], [0.074, 0.926], [0.941, 0.059]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[3, 3], [3, 3]], [[0, 0], [0, 0]]]}, {"share": 0.25, "start": 0, "emit": [[0.937, 0.063], [0.057, 0.943], [0.057, 0.943]], "next": [[[1, 1], [0, 0]], [[1, 1], [2, 2]], [[1, 1], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
