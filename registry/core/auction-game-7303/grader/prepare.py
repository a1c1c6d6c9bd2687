"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.25, "start": 0, "emit": [[0.933, 0.067], [0.092, 0.908], [0.092, 0.908]], "next": [[[0, 0], [1, 1]], [[2, 2], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.375, "start": 0, "emit": [[0.89, 0.11]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.375, "start": 1, "emit": [[0.051, 0.949], [0.731, 0.269], [0.079, 0.921], [0.612, 0.388]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
