"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(102760359672923230550221271656129511499)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(-1, 1, size=(1660, 3))
y = X @ rng.normal(size=3) * 0.3
for j in range(3):
    y = y + rng.uniform(0.7, 1.5) * np.sin(rng.uniform(2, 5) * X[:, j] + rng.uniform(0, 6))

n = len(y)
y = y + rng.normal(size=n) * 0.2 * y.std()
X = np.hstack([X, rng.normal(size=(n, 3))])
X = (X - X.mean(0)) / X.std(0) * [0.0551, 0.0864, 0.233, 1.38, 57.0, 1.01] + [0.0975, 0.161, 0.558, -1.16, 49.5, -2.09]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 53.0 + 295.7
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1660]
known, hidden = order[:-680], order[-680:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['idle_days', 'density', 'mass', 'charge_rate', 'coating', 'swelling'], ["capacity"]
write(public / "labelled.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['capacity'], answers)
