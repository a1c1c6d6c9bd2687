"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(153410094928201613896283391289699852296)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

y = rng.integers(3, size=1100)
centres = rng.normal(size=(3, 2, 6)) * 1.32
X = centres[y, rng.integers(2, size=1100)] + rng.normal(size=(1100, 6))

n = len(y)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [0.493, 0.179, 0.119, 8.05, 1.05, 14.1, 721.0, 13.2] + [0.639, 0.447, 0.0335, -3.27, 2.98, 22.2, -1490.0, -2.38]
X = X[:, rng.permutation(X.shape[1])]

labels = ['high', 'low', 'medium']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1100]
known, hidden = order[:-600], order[-600:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['moon_phase', 'wave_height', 'drift', 'wear', 'torque', 'depth', 'current', 'yaw'], ["status"]
write(public / "labelled.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['status'], answers)
