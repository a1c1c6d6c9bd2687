"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2857, "start": 0, "emit": [[0.22, 0.78], [0.258, 0.742], [0.943, 0.057], [0.871, 0.129]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}, {"share": 0.0952, "start": 1, "emit": [[0.961, 0.039], [0.078, 0.922]], "next": [[[1, 1], [1, 1]], [[0, 0], [0, 0]]]}, {"share": 0.2381, "start": 0, "emit": [[0.702, 0.298]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.1905, "start": 1, "emit": [[0.894, 0.106], [0.063, 0.937]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.1905, "start": 1, "emit": [[0.089, 0.911], [0.896, 0.104]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
