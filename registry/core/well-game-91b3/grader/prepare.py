"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2941, "start": 0, "emit": [[0.878, 0.122], [0.12, 0.88]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.3529, "start": 2, "emit": [[0.95, 0.05], [0.941, 0.059], [0.078, 0.922]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[0, 0], [0, 0]]]}, {"share": 0.3529, "start": 0, "emit": [[0.097, 0.903], [0.978, 0.022], [0.978, 0.022]], "next": [[[0, 0], [1, 1]], [[2, 2], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
