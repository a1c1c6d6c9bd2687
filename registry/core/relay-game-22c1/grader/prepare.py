"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3333, "start": 1, "emit": [[0.95, 0.05], [0.148, 0.852]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.1667, "start": 0, "emit": [[0.775, 0.225]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.5, "start": 0, "emit": [[0.31, 0.69]], "next": [[[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
