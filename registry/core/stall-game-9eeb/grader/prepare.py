"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.125, "start": 0, "emit": [[0.876, 0.124]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.25, "start": 0, "emit": [[0.97, 0.03], [0.071, 0.929]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.3125, "start": 3, "emit": [[0.633, 0.367], [0.134, 0.866], [0.051, 0.949], [0.899, 0.101]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}, {"share": 0.3125, "start": 0, "emit": [[0.794, 0.206]], "next": [[[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
