"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3333, "start": 0, "emit": [[0.831, 0.169]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.3333, "start": 1, "emit": [[0.154, 0.846], [0.803, 0.197], [0.657, 0.343], [0.057, 0.943]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}, {"share": 0.3333, "start": 0, "emit": [[0.297, 0.703]], "next": [[[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
