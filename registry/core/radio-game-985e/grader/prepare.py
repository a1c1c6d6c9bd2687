"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2143, "start": 1, "emit": [[0.879, 0.121], [0.085, 0.915]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2143, "start": 0, "emit": [[0.839, 0.161]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.2143, "start": 2, "emit": [[0.05, 0.95], [0.072, 0.928], [0.085, 0.915], [0.917, 0.083]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[3, 3], [3, 3]], [[0, 0], [0, 0]]]}, {"share": 0.3571, "start": 1, "emit": [[0.288, 0.712], [0.736, 0.264], [0.661, 0.339], [0.279, 0.721]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
