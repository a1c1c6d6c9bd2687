"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.4167, "start": 0, "emit": [[0.134, 0.866], [0.05, 0.95], [0.905, 0.095], [0.05, 0.95], [0.905, 0.095]], "next": [[[1, 1], [2, 2]], [[1, 1], [3, 3]], [[4, 4], [2, 2]], [[1, 1], [2, 2]], [[1, 1], [2, 2]]]}, {"share": 0.3333, "start": 0, "emit": [[0.962, 0.038], [0.06, 0.94]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.25, "start": 0, "emit": [[0.66, 0.34]], "next": [[[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
