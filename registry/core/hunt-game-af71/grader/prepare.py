"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2308, "start": 0, "emit": [[0.055, 0.945], [0.92, 0.08]], "next": [[[1, 1], [0, 0]], [[1, 1], [1, 1]]]}, {"share": 0.4615, "start": 0, "emit": [[0.866, 0.134], [0.131, 0.869]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.3077, "start": 0, "emit": [[0.233, 0.767], [0.889, 0.111], [0.254, 0.746], [0.939, 0.061]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
