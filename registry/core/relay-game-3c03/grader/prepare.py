"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2, "start": 0, "emit": [[0.611, 0.1945, 0.1945]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.2, "start": 0, "emit": [[0.0235, 0.953, 0.0235], [0.0335, 0.0335, 0.933]], "next": [[[0, 0, 0], [1, 1, 1], [0, 0, 0]], [[1, 1, 1], [1, 1, 1], [1, 1, 1]]]}, {"share": 0.2, "start": 0, "emit": [[0.121, 0.758, 0.121]], "next": [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]}, {"share": 0.4, "start": 1, "emit": [[0.878, 0.061, 0.061], [0.053, 0.894, 0.053], [0.053, 0.053, 0.894]], "next": [[[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 0, 0], [1, 1, 1], [2, 2, 2]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
