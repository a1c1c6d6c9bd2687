"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(11717254495151092225097862514094475667)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(size=(1320, 5))
y = np.zeros(1320)
for _ in range(11):
    pair, cut = rng.integers(5, size=2), rng.uniform(0.25, 0.75, size=2)
    y = y + rng.normal(size=4)[(X[:, pair] > cut) @ [2, 1]]

n = len(y)
y = y + rng.normal(size=n) * 0.05 * y.std()
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [0.0676, 2.96, 18.0, 928.0, 0.147, 0.126, 8.06] + [0.127, 8.2, 27.9, -1900.0, -0.175, 0.0762, -10.2]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 0.493 + 26.8
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1320]
known, hidden = order[:-420], order[-420:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['blade_pitch', 'torque', 'current', 'wave_height', 'wear', 'yaw', 'drift'], ["output_kw"]
write(public / "labelled.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['output_kw'], answers)
