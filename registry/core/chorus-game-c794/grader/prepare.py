"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2222, "start": 2, "emit": [[0.752, 0.248], [0.894, 0.106], [0.648, 0.352], [0.28, 0.72]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}, {"share": 0.2222, "start": 1, "emit": [[0.932, 0.068], [0.05, 0.95]], "next": [[[0, 0], [1, 1]], [[1, 1], [0, 0]]]}, {"share": 0.3333, "start": 0, "emit": [[0.083, 0.917], [0.926, 0.074]], "next": [[[1, 1], [1, 1]], [[0, 0], [0, 0]]]}, {"share": 0.2222, "start": 0, "emit": [[0.129, 0.871], [0.05, 0.95], [0.913, 0.087], [0.05, 0.95], [0.913, 0.087]], "next": [[[1, 1], [2, 2]], [[1, 1], [3, 3]], [[4, 4], [2, 2]], [[1, 1], [2, 2]], [[1, 1], [2, 2]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
