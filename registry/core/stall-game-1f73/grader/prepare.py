"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3333, "start": 3, "emit": [[0.068, 0.932], [0.166, 0.834], [0.922, 0.078], [0.934, 0.066]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}, {"share": 0.1111, "start": 1, "emit": [[0.938, 0.062], [0.101, 0.899]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2222, "start": 0, "emit": [[0.688, 0.312]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.3333, "start": 0, "emit": [[0.6, 0.4]], "next": [[[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
