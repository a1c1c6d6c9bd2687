"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3333, "start": 0, "emit": [[0.349, 0.651]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.1333, "start": 1, "emit": [[0.156, 0.844], [0.605, 0.395], [0.655, 0.345], [0.697, 0.303]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}, {"share": 0.2, "start": 0, "emit": [[0.305, 0.695]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.3333, "start": 0, "emit": [[0.958, 0.042], [0.055, 0.945]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
