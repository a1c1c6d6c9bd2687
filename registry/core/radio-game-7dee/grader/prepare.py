"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3333, "start": 1, "emit": [[0.064, 0.936], [0.979, 0.021]], "next": [[[1, 1], [1, 1]], [[0, 0], [0, 0]]]}, {"share": 0.3333, "start": 0, "emit": [[0.684, 0.316]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.3333, "start": 0, "emit": [[0.069, 0.931], [0.972, 0.028], [0.972, 0.028]], "next": [[[0, 0], [1, 1]], [[2, 2], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
