"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.375, "start": 1, "emit": [[0.88, 0.06, 0.06], [0.043, 0.914, 0.043], [0.0485, 0.0485, 0.903]], "next": [[[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]]]}, {"share": 0.3125, "start": 0, "emit": [[0.059, 0.882, 0.059]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.3125, "start": 0, "emit": [[0.915, 0.0425, 0.0425], [0.024, 0.952, 0.024]], "next": [[[0, 0, 0], [0, 0, 0], [1, 1, 1]], [[1, 1, 1], [1, 1, 1], [1, 1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
