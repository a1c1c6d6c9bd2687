"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(3967324987382551095166560422484868119)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1120, 7))
weights = rng.normal(size=7)
y = rng.poisson(np.exp(1.0 + X @ weights * 0.8 / np.linalg.norm(weights))).astype(float)

n = len(y)
X = np.hstack([X, rng.normal(size=(n, 3))])
X = (X - X.mean(0)) / X.std(0) * [16.5, 0.434, 22.8, 14.2, 18.9, 0.04, 0.338, 1470.0, 3.24, 0.057] + [40.2, -1.21, 17.3, 11.8, 23.1, -0.0857, 0.82, -2600.0, -8.19, 0.034]
X = X[:, rng.permutation(X.shape[1])]

truth = [[int(v)] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1120]
known, hidden = order[:-420], order[-420:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['torque', 'wear', 'yaw', 'current', 'depth', 'wind', 'moon_phase', 'blade_pitch', 'silt', 'salinity'], ["output_kw"]
write(public / "known.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['output_kw'], answers)
