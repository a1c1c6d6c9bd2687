"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(115666012756426280430511739282032738308)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1220, 6))
y = X @ rng.normal(size=6) * 0.2
for _ in range(12):
    i, j = rng.integers(6, size=2)
    y = y + rng.choice([-1, 1]) * rng.uniform(0.5, 1.5) * X[:, i] * X[:, j]

n = len(y)
y = y + rng.normal(size=n) * 0.2 * y.std()
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [1.13, 0.442, 0.0467, 0.766, 3.34, 20.4, 1580.0, 0.0961] + [2.23, -0.162, 0.00517, -1.88, -7.41, 47.6, 3270.0, 0.0552]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 8.09 + 243.7
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1220]
known, hidden = order[:-480], order[-480:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['brake', 'floor', 'load', 'lobby', 'hour', 'door_time', 'staff', 'speed'], ["wait_s"]
write(public / "known.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['wait_s'], answers)
