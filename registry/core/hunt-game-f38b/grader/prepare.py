"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.3529, "start": 0, "emit": [[0.683, 0.317]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.3529, "start": 0, "emit": [[0.938, 0.062], [0.032, 0.968]], "next": [[[0, 0], [1, 1]], [[1, 1], [1, 1]]]}, {"share": 0.2941, "start": 0, "emit": [[0.933, 0.067], [0.047, 0.953]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
