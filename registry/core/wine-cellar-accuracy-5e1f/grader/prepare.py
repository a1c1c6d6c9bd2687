"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(206911194256363140830776725658946205952)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(940, 6))
y = X @ rng.normal(size=6) * 1.0
for _ in range(8):
    i, j = rng.integers(6, size=2)
    y = y + rng.choice([-1, 1]) * rng.uniform(0.5, 1.5) * X[:, i] * X[:, j]

n = len(y)
y = y + rng.normal(size=n) * 0.1 * y.std()
y = np.searchsorted(np.quantile(y, [0.5]), y)
wrong = np.flatnonzero(rng.random(n) < 0.03)
y[wrong] = rng.integers(2, size=len(wrong))
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [0.438, 0.0839, 22.0, 0.0766, 7.12, 0.059, 943.0, 0.621] + [-0.563, 0.215, 58.5, 0.0946, 17.5, 0.124, 1240.0, -1.85]
X = X[:, rng.permutation(X.shape[1])]

labels = ['keep', 'sell']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:940]
known, hidden = order[:-520], order[-520:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['ester', 'sulphur', 'sugar', 'sediment', 'colour', 'oak_age', 'ethanol', 'cellar_heat'], ["status"]
write(public / "known.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['status'], answers)
