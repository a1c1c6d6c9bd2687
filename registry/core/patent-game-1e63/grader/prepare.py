"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3333, "start": 0, "emit": [[0.125, 0.875]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.4444, "start": 0, "emit": [[0.109, 0.891]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.2222, "start": 1, "emit": [[0.961, 0.039], [0.122, 0.878]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
