"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.6, "start": 1, "emit": [[0.053, 0.947], [0.914, 0.086]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2, "start": 0, "emit": [[0.078, 0.922], [0.938, 0.062]], "next": [[[1, 1], [1, 1]], [[0, 0], [0, 0]]]}, {"share": 0.2, "start": 1, "emit": [[0.953, 0.047], [0.115, 0.885]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
