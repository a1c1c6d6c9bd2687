"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.1739, "start": 0, "emit": [[0.323, 0.677]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.2174, "start": 0, "emit": [[0.024, 0.976], [0.931, 0.069]], "next": [[[0, 0], [1, 1]], [[1, 1], [1, 1]]]}, {"share": 0.087, "start": 0, "emit": [[0.765, 0.235], [0.914, 0.086], [0.215, 0.785], [0.297, 0.703]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}, {"share": 0.2609, "start": 1, "emit": [[0.897, 0.103], [0.054, 0.946]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2609, "start": 0, "emit": [[0.362, 0.638]], "next": [[[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
