"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3333, "start": 0, "emit": [[0.383, 0.617]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.3333, "start": 0, "emit": [[0.106, 0.894], [0.853, 0.147]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.3333, "start": 0, "emit": [[0.868, 0.132], [0.043, 0.957], [0.92, 0.08], [0.043, 0.957], [0.92, 0.08]], "next": [[[1, 1], [2, 2]], [[1, 1], [3, 3]], [[4, 4], [2, 2]], [[1, 1], [2, 2]], [[1, 1], [2, 2]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
