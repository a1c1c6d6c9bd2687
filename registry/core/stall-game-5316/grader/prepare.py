"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2, "start": 1, "emit": [[0.143, 0.857], [0.888, 0.112]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2, "start": 1, "emit": [[0.051, 0.949], [0.933, 0.067]], "next": [[[1, 1], [1, 1]], [[0, 0], [0, 0]]]}, {"share": 0.6, "start": 1, "emit": [[0.884, 0.116], [0.147, 0.853]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
