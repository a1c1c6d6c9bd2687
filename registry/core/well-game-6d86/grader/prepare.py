"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.25, "start": 0, "emit": [[0.097, 0.903], [0.942, 0.058], [0.942, 0.058], [0.942, 0.058]], "next": [[[0, 0], [1, 1]], [[2, 2], [1, 1]], [[3, 3], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.25, "start": 1, "emit": [[0.891, 0.109], [0.055, 0.945]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.125, "start": 0, "emit": [[0.032, 0.968], [0.861, 0.139]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.375, "start": 0, "emit": [[0.246, 0.754], [0.781, 0.219], [0.894, 0.106], [0.074, 0.926]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
