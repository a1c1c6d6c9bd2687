"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.1875, "start": 0, "emit": [[0.704, 0.296]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.375, "start": 2, "emit": [[0.056, 0.944], [0.059, 0.941], [0.043, 0.957], [0.917, 0.083]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[3, 3], [3, 3]], [[0, 0], [0, 0]]]}, {"share": 0.1875, "start": 0, "emit": [[0.804, 0.196]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.125, "start": 1, "emit": [[0.954, 0.046], [0.138, 0.862]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.125, "start": 0, "emit": [[0.046, 0.954], [0.914, 0.086], [0.914, 0.086], [0.914, 0.086]], "next": [[[0, 0], [1, 1]], [[2, 2], [1, 1]], [[3, 3], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
