"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.24, "start": 0, "emit": [[0.977, 0.023], [0.038, 0.962], [0.038, 0.962], [0.038, 0.962]], "next": [[[0, 0], [1, 1]], [[2, 2], [1, 1]], [[3, 3], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.16, "start": 0, "emit": [[0.842, 0.158]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.2, "start": 0, "emit": [[0.784, 0.216], [0.06, 0.94], [0.085, 0.915], [0.93, 0.07]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}, {"share": 0.16, "start": 1, "emit": [[0.12, 0.88], [0.852, 0.148]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.24, "start": 1, "emit": [[0.972, 0.028], [0.04, 0.96]], "next": [[[1, 1], [1, 1]], [[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
