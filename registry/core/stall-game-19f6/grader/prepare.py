"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2353, "start": 1, "emit": [[0.866, 0.134], [0.127, 0.873]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.1176, "start": 0, "emit": [[0.395, 0.605]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.2941, "start": 0, "emit": [[0.96, 0.04], [0.083, 0.917], [0.059, 0.941]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[0, 0], [0, 0]]]}, {"share": 0.3529, "start": 2, "emit": [[0.899, 0.101], [0.777, 0.223], [0.712, 0.288], [0.905, 0.095]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
