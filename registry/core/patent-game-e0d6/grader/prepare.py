"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.1818, "start": 0, "emit": [[0.151, 0.849]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.3636, "start": 0, "emit": [[0.941, 0.059], [0.08, 0.92]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2727, "start": 1, "emit": [[0.885, 0.115], [0.126, 0.874]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.1818, "start": 1, "emit": [[0.966, 0.034], [0.936, 0.064], [0.066, 0.934]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
