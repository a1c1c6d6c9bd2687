"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.25, "start": 0, "emit": [[0.257, 0.743]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.4167, "start": 0, "emit": [[0.376, 0.624]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.3333, "start": 0, "emit": [[0.078, 0.922], [0.904, 0.096]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
