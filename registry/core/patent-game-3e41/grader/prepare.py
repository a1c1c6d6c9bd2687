"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.4615, "start": 1, "emit": [[0.913, 0.087], [0.085, 0.915]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.3846, "start": 1, "emit": [[0.918, 0.082], [0.079, 0.921]], "next": [[[1, 1], [1, 1]], [[0, 0], [0, 0]]]}, {"share": 0.1538, "start": 0, "emit": [[0.874, 0.126], [0.113, 0.887]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
