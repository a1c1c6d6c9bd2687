"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(222519760176514835472611115417585879064)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(-1, 1, size=(1200, 3))
y = X @ rng.normal(size=3) * 0.3
for j in range(3):
    y = y + rng.uniform(0.7, 1.5) * np.sin(rng.uniform(2, 7) * X[:, j] + rng.uniform(0, 6))

n = len(y)
y = y + rng.normal(size=n) * 0.3 * y.std()
y = np.searchsorted(np.quantile(y, [0.5]), y)
wrong = np.flatnonzero(rng.random(n) < 0.03)
y[wrong] = rng.integers(2, size=len(wrong))
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [0.134, 0.667, 7.39, 0.348, 458.0] + [-0.339, -1.17, 2.5, -0.313, -468.0]
X = X[:, rng.permutation(X.shape[1])]

labels = ['empty', 'full']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1200]
known, hidden = order[:-560], order[-560:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['rain', 'cafes', 'fog', 'docks', 'students'], ["label"]
write(public / "known.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['label'], answers)
