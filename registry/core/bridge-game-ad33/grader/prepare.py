"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2143, "start": 0, "emit": [[0.888, 0.112], [0.08, 0.92]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.3571, "start": 0, "emit": [[0.95, 0.05], [0.062, 0.938]], "next": [[[1, 1], [1, 1]], [[0, 0], [0, 0]]]}, {"share": 0.4286, "start": 0, "emit": [[0.634, 0.366]], "next": [[[0, 0], [0, 0]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
