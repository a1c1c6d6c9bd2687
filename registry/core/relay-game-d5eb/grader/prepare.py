"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.375, "start": 1, "emit": [[0.144, 0.856], [0.883, 0.117]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.125, "start": 3, "emit": [[0.654, 0.346], [0.238, 0.762], [0.801, 0.199], [0.08, 0.92]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}, {"share": 0.1875, "start": 0, "emit": [[0.251, 0.749]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.125, "start": 1, "emit": [[0.033, 0.967], [0.921, 0.079]], "next": [[[1, 1], [1, 1]], [[0, 0], [0, 0]]]}, {"share": 0.1875, "start": 0, "emit": [[0.233, 0.767]], "next": [[[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
