"""Writes the hidden mixture of opponents. The workspace gets no data."""
import os
from pathlib import Path

OPPONENTS = """[{"share": 0.1875, "start": 0, "emit": [[0.09, 0.91], [0.915, 0.085]], "next": [[[1, 1], [0, 0]], [[1, 1], [1, 1]]]}, {"share": 0.375, "start": 0, "emit": [[0.796, 0.204]], "next": [[[0, 0], [0, 0]]]}, {"share": 0.3125, "start": 0, "emit": [[0.885, 0.115], [0.093, 0.907]], "next": [[[0, 0], [1, 1]], [[0, 0], [1, 1]]]}, {"share": 0.125, "start": 1, "emit": [[0.094, 0.906], [0.679, 0.321], [0.109, 0.891], [0.87, 0.13]], "next": [[[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]], [[0, 1], [2, 3]]]}]"""

(Path(os.environ["PRIVATE"]) / "opponents.json").write_text(OPPONENTS)
