"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.1875, "start": 0, "emit": [[0.021, 0.979], [0.926, 0.074]], "next": [[[1, 1], [0, 0]], [[1, 1], [1, 1]]]}, {"share": 0.25, "start": 0, "emit": [[0.037, 0.963], [0.94, 0.06], [0.929, 0.071]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[0, 0], [0, 0]]]}, {"share": 0.1875, "start": 0, "emit": [[0.174, 0.826]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.375, "start": 0, "emit": [[0.703, 0.297]], "next": [[[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
