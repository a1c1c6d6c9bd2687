"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2857, "start": 1, "emit": [[0.954, 0.046], [0.085, 0.915]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.1905, "start": 0, "emit": [[0.274, 0.726]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.2857, "start": 1, "emit": [[0.123, 0.877], [0.952, 0.048]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2381, "start": 0, "emit": [[0.854, 0.146]], "next": [[[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
