"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.2143, "start": 1, "emit": [[0.96, 0.04], [0.139, 0.861]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2143, "start": 1, "emit": [[0.888, 0.112], [0.099, 0.901]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.2143, "start": 0, "emit": [[0.752, 0.248]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.2143, "start": 0, "emit": [[0.027, 0.973], [0.905, 0.095], [0.905, 0.095], [0.905, 0.095]], "next": [[[1, 1], [0, 0]], [[1, 1], [2, 2]], [[1, 1], [3, 3]], [[1, 1], [0, 0]]]}, {"share": 0.1429, "start": 2, "emit": [[0.755, 0.245], [0.748, 0.252], [0.284, 0.716], [0.639, 0.361]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
