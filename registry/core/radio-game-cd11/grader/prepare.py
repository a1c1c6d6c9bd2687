"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.4, "start": 0, "emit": [[0.03, 0.97], [0.908, 0.092]], "next": [[[1, 1], [0, 0]], [[1, 1], [1, 1]]]}, {"share": 0.3, "start": 0, "emit": [[0.929, 0.071], [0.06, 0.94]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.3, "start": 0, "emit": [[0.852, 0.148]], "next": [[[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
