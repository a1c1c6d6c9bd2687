"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.4615, "start": 1, "emit": [[0.944, 0.056], [0.041, 0.959]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.1538, "start": 0, "emit": [[0.332, 0.668]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.3846, "start": 1, "emit": [[0.897, 0.103], [0.066, 0.934]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
