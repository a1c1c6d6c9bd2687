"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.4615, "start": 0, "emit": [[0.74, 0.26]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.1538, "start": 1, "emit": [[0.899, 0.101], [0.045, 0.955]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.3846, "start": 0, "emit": [[0.039, 0.961], [0.061, 0.939], [0.967, 0.033], [0.927, 0.073]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[3, 3], [3, 3]], [[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
