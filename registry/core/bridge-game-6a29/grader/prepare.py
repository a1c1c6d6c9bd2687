"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3333, "start": 1, "emit": [[0.025, 0.975], [0.936, 0.064], [0.959, 0.041], [0.935, 0.065]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[3, 3], [3, 3]], [[0, 0], [0, 0]]]}, {"share": 0.3333, "start": 1, "emit": [[0.079, 0.921], [0.954, 0.046]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.3333, "start": 0, "emit": [[0.957, 0.043], [0.066, 0.934]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
