"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2941, "start": 1, "emit": [[0.0275, 0.945, 0.0275], [0.064, 0.064, 0.872], [0.858, 0.071, 0.071]], "next": [[[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]]]}, {"share": 0.3529, "start": 0, "emit": [[0.876, 0.062, 0.062], [0.058, 0.884, 0.058], [0.0155, 0.0155, 0.969]], "next": [[[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]]]}, {"share": 0.3529, "start": 0, "emit": [[0.622, 0.189, 0.189]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
