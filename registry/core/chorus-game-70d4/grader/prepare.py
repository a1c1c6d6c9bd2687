"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2, "start": 0, "emit": [[0.877, 0.123], [0.137, 0.863]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2, "start": 0, "emit": [[0.276, 0.724]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.25, "start": 1, "emit": [[0.915, 0.085], [0.927, 0.073], [0.921, 0.079], [0.021, 0.979]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[3, 3], [3, 3]], [[0, 0], [0, 0]]]}, {"share": 0.25, "start": 0, "emit": [[0.616, 0.384]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.1, "start": 3, "emit": [[0.298, 0.702], [0.941, 0.059], [0.135, 0.865], [0.395, 0.605]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
