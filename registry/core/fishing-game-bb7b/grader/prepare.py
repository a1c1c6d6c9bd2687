"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3529, "start": 0, "emit": [[0.919, 0.081], [0.06, 0.94]], "next": [[[1, 1], [1, 1]], [[0, 0], [0, 0]]]}, {"share": 0.2941, "start": 1, "emit": [[0.855, 0.145], [0.092, 0.908]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.3529, "start": 0, "emit": [[0.795, 0.205]], "next": [[[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
