"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.4545, "start": 0, "emit": [[0.289, 0.711]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.3636, "start": 0, "emit": [[0.041, 0.959], [0.957, 0.043], [0.957, 0.043]], "next": [[[1, 1], [0, 0]], [[1, 1], [2, 2]], [[1, 1], [0, 0]]]}, {"share": 0.1818, "start": 0, "emit": [[0.847, 0.153]], "next": [[[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
