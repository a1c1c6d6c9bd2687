"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2222, "start": 0, "emit": [[0.811, 0.189]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.1111, "start": 0, "emit": [[0.91, 0.09], [0.037, 0.963]], "next": [[[0, 0], [1, 1]], [[1, 1], [0, 0]]]}, {"share": 0.2222, "start": 0, "emit": [[0.135, 0.865]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.2778, "start": 0, "emit": [[0.905, 0.095], [0.096, 0.904], [0.979, 0.021], [0.096, 0.904], [0.979, 0.021]], "next": [[[1, 1], [2, 2]], [[1, 1], [3, 3]], [[4, 4], [2, 2]], [[1, 1], [2, 2]], [[1, 1], [2, 2]]]}, {"share": 0.1667, "start": 0, "emit": [[0.044, 0.956], [0.943, 0.057]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
