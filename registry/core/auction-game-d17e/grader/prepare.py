"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3077, "start": 2, "emit": [[0.854, 0.146], [0.24, 0.76], [0.399, 0.601], [0.066, 0.934]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}, {"share": 0.3846, "start": 1, "emit": [[0.137, 0.863], [0.896, 0.104]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.3077, "start": 0, "emit": [[0.931, 0.069], [0.127, 0.873]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
