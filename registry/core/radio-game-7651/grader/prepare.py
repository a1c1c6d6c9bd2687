"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3636, "start": 0, "emit": [[0.032, 0.968], [0.931, 0.069], [0.931, 0.069], [0.931, 0.069], [0.931, 0.069], [0.931, 0.069]], "next": [[[1, 1], [0, 0]], [[1, 1], [2, 2]], [[1, 1], [3, 3]], [[1, 1], [4, 4]], [[1, 1], [5, 5]], [[1, 1], [0, 0]]]}, {"share": 0.4545, "start": 0, "emit": [[0.947, 0.053], [0.061, 0.939], [0.077, 0.923]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[0, 0], [0, 0]]]}, {"share": 0.1818, "start": 0, "emit": [[0.901, 0.099], [0.069, 0.931]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
