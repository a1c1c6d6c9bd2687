"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2222, "start": 1, "emit": [[0.894, 0.106], [0.148, 0.852]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.4444, "start": 0, "emit": [[0.94, 0.06], [0.046, 0.954]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.3333, "start": 2, "emit": [[0.619, 0.381], [0.911, 0.089], [0.649, 0.351], [0.789, 0.211]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
