"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2143, "start": 0, "emit": [[0.178, 0.822]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.2143, "start": 0, "emit": [[0.056, 0.944], [0.883, 0.117]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2857, "start": 0, "emit": [[0.928, 0.072], [0.057, 0.943]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2857, "start": 0, "emit": [[0.977, 0.023], [0.057, 0.943]], "next": [[[1, 1], [1, 1]], [[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
