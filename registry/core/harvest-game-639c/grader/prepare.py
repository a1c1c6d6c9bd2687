"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3, "start": 2, "emit": [[0.045, 0.955], [0.965, 0.035], [0.921, 0.079]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[0, 0], [0, 0]]]}, {"share": 0.4, "start": 1, "emit": [[0.967, 0.033], [0.045, 0.955]], "next": [[[1, 1], [0, 0]], [[0, 0], [1, 1]]]}, {"share": 0.3, "start": 0, "emit": [[0.154, 0.846]], "next": [[[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
