"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3125, "start": 1, "emit": [[0.096, 0.904], [0.166, 0.834], [0.692, 0.308], [0.769, 0.231]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}, {"share": 0.375, "start": 0, "emit": [[0.968, 0.032], [0.062, 0.938]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.3125, "start": 0, "emit": [[0.661, 0.339]], "next": [[[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
