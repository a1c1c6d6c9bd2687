"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.1, "start": 0, "emit": [[0.871, 0.129]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.2, "start": 0, "emit": [[0.092, 0.908], [0.958, 0.042]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.15, "start": 0, "emit": [[0.921, 0.079], [0.03, 0.97], [0.03, 0.97], [0.03, 0.97], [0.03, 0.97], [0.03, 0.97]], "next": [[[0, 0], [1, 1]], [[2, 2], [1, 1]], [[3, 3], [1, 1]], [[4, 4], [1, 1]], [[5, 5], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.3, "start": 1, "emit": [[0.039, 0.961], [0.939, 0.061]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.25, "start": 0, "emit": [[0.868, 0.132]], "next": [[[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
