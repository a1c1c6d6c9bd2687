"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2222, "start": 0, "emit": [[0.341, 0.659]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.2222, "start": 1, "emit": [[0.892, 0.108], [0.08, 0.92]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.5556, "start": 0, "emit": [[0.055, 0.945], [0.978, 0.022]], "next": [[[1, 1], [0, 0]], [[1, 1], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
