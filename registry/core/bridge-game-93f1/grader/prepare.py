"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.15, "start": 1, "emit": [[0.138, 0.862], [0.896, 0.104]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.15, "start": 0, "emit": [[0.819, 0.181]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.15, "start": 0, "emit": [[0.901, 0.099], [0.113, 0.887]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.3, "start": 0, "emit": [[0.246, 0.754]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.25, "start": 1, "emit": [[0.701, 0.299], [0.094, 0.906], [0.669, 0.331], [0.26, 0.74]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
