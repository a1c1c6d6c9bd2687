"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.1, "start": 2, "emit": [[0.041, 0.959], [0.94, 0.06], [0.935, 0.065], [0.942, 0.058]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[3, 3], [3, 3]], [[0, 0], [0, 0]]]}, {"share": 0.2, "start": 1, "emit": [[0.958, 0.042], [0.021, 0.979]], "next": [[[0, 0], [1, 1]], [[1, 1], [0, 0]]]}, {"share": 0.3, "start": 0, "emit": [[0.153, 0.847]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.25, "start": 1, "emit": [[0.168, 0.832], [0.72, 0.28], [0.698, 0.302], [0.389, 0.611]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}, {"share": 0.15, "start": 1, "emit": [[0.865, 0.135], [0.046, 0.954]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
