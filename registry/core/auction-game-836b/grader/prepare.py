"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3571, "start": 1, "emit": [[0.956, 0.044], [0.035, 0.965]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2857, "start": 0, "emit": [[0.098, 0.902], [0.927, 0.073], [0.927, 0.073], [0.927, 0.073]], "next": [[[0, 0], [1, 1]], [[2, 2], [1, 1]], [[3, 3], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.3571, "start": 0, "emit": [[0.294, 0.706]], "next": [[[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
