"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.4286, "start": 0, "emit": [[0.711, 0.289]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.3571, "start": 1, "emit": [[0.942, 0.058], [0.953, 0.047], [0.956, 0.044], [0.049, 0.951]], "next": [[[1, 1], [1, 1]], [[2, 2], [2, 2]], [[3, 3], [3, 3]], [[0, 0], [0, 0]]]}, {"share": 0.2143, "start": 1, "emit": [[0.065, 0.935], [0.957, 0.043]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
