"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3571, "start": 0, "emit": [[0.144, 0.856], [0.952, 0.048]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2143, "start": 0, "emit": [[0.132, 0.868]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.4286, "start": 1, "emit": [[0.946, 0.054], [0.122, 0.878]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
