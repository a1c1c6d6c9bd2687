"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.4615, "start": 0, "emit": [[0.174, 0.826]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.3077, "start": 1, "emit": [[0.039, 0.961], [0.968, 0.032]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2308, "start": 1, "emit": [[0.841, 0.159], [0.659, 0.341], [0.803, 0.197], [0.374, 0.626]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
