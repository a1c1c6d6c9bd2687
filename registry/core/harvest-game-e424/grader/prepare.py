"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.1429, "start": 1, "emit": [[0.922, 0.078], [0.091, 0.909]], "next": [[[1, 1], [0, 0]], [[0, 0], [1, 1]]]}, {"share": 0.2143, "start": 0, "emit": [[0.168, 0.832]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.2857, "start": 1, "emit": [[0.139, 0.861], [0.948, 0.052]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.3571, "start": 0, "emit": [[0.072, 0.928], [0.967, 0.033], [0.058, 0.942], [0.967, 0.033], [0.058, 0.942]], "next": [[[1, 1], [2, 2]], [[1, 1], [3, 3]], [[4, 4], [2, 2]], [[1, 1], [2, 2]], [[1, 1], [2, 2]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
