"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2941, "start": 0, "emit": [[0.761, 0.239], [0.941, 0.059], [0.031, 0.969], [0.941, 0.059], [0.031, 0.969]], "next": [[[1, 1], [2, 2]], [[1, 1], [3, 3]], [[4, 4], [2, 2]], [[1, 1], [2, 2]], [[1, 1], [2, 2]]]}, {"share": 0.3529, "start": 2, "emit": [[0.934, 0.066], [0.351, 0.649], [0.196, 0.804], [0.838, 0.162]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}, {"share": 0.3529, "start": 0, "emit": [[0.247, 0.753]], "next": [[[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
