"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.5, "start": 0, "emit": [[0.936, 0.064], [0.068, 0.932], [0.068, 0.932], [0.068, 0.932], [0.068, 0.932], [0.068, 0.932]], "next": [[[1, 1], [0, 0]], [[1, 1], [2, 2]], [[1, 1], [3, 3]], [[1, 1], [4, 4]], [[1, 1], [5, 5]], [[1, 1], [0, 0]]]}, {"share": 0.25, "start": 1, "emit": [[0.953, 0.047], [0.129, 0.871]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.25, "start": 2, "emit": [[0.382, 0.618], [0.383, 0.617], [0.069, 0.931], [0.769, 0.231]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
