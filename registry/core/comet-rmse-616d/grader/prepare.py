"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(197192656174898400326837175181106036456)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1120, 4))
y = X @ rng.normal(size=4) * 0.2
for _ in range(7):
    i, j = rng.integers(4, size=2)
    y = y + rng.choice([-1, 1]) * rng.uniform(0.5, 1.5) * X[:, i] * X[:, j]

n = len(y)
y = y + rng.normal(size=n) * 0.3 * y.std()
X = np.hstack([X, rng.normal(size=(n, 3))])
X = (X - X.mean(0)) / X.std(0) * [3.7, 0.487, 1420.0, 4.89, 0.457, 7.45, 0.867] + [-1.53, 1.21, 3100.0, -9.93, -0.81, 6.94, -0.841]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 86.8 + -7.0
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1120]
known, hidden = order[:-520], order[-520:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['distance', 'spin', 'dust_rate', 'jitter', 'albedo', 'age', 'angle'], ["magnitude"]
write(public / "labelled.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['magnitude'], answers)
