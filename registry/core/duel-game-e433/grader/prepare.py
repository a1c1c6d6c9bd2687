"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.1818, "start": 3, "emit": [[0.095, 0.905], [0.88, 0.12], [0.825, 0.175], [0.803, 0.197]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}, {"share": 0.0909, "start": 2, "emit": [[0.935, 0.065], [0.056, 0.944], [0.947, 0.053], [0.047, 0.953]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[3, 3], [3, 3]], [[0, 0], [0, 0]]]}, {"share": 0.1818, "start": 1, "emit": [[0.887, 0.113], [0.09, 0.91]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2727, "start": 0, "emit": [[0.214, 0.786]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.2727, "start": 0, "emit": [[0.872, 0.128], [0.122, 0.878]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
