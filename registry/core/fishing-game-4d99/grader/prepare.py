"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3, "start": 1, "emit": [[0.94, 0.06], [0.127, 0.873]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2, "start": 0, "emit": [[0.275, 0.725]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.3, "start": 0, "emit": [[0.902, 0.098], [0.03, 0.97], [0.03, 0.97], [0.03, 0.97], [0.03, 0.97], [0.03, 0.97]], "next": [[[1, 1], [0, 0]], [[1, 1], [2, 2]], [[1, 1], [3, 3]], [[1, 1], [4, 4]], [[1, 1], [5, 5]], [[1, 1], [0, 0]]]}, {"share": 0.2, "start": 2, "emit": [[0.304, 0.696], [0.772, 0.228], [0.734, 0.266], [0.898, 0.102]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
