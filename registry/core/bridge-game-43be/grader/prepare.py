"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.125, "start": 3, "emit": [[0.203, 0.797], [0.691, 0.309], [0.149, 0.851], [0.604, 0.396]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}, {"share": 0.1875, "start": 1, "emit": [[0.912, 0.088], [0.072, 0.928]], "next": [[[1, 1], [1, 1]], [[0, 0], [0, 0]]]}, {"share": 0.1875, "start": 0, "emit": [[0.908, 0.092], [0.135, 0.865]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.25, "start": 0, "emit": [[0.964, 0.036], [0.093, 0.907], [0.093, 0.907], [0.093, 0.907]], "next": [[[1, 1], [0, 0]], [[1, 1], [2, 2]], [[1, 1], [3, 3]], [[1, 1], [0, 0]]]}, {"share": 0.25, "start": 0, "emit": [[0.859, 0.141]], "next": [[[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
