"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(48690804706375744575690396892253054446)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(size=(2584, 6))
y = np.zeros(2584)
for _ in range(9):
    pair, cut = rng.integers(6, size=2), rng.uniform(0.25, 0.75, size=2)
    y = y + rng.normal(size=4)[(X[:, pair] > cut) @ [2, 1]]

n = len(y)
y = y + rng.normal(size=n) * 0.3 * y.std()
y = np.searchsorted(np.quantile(y, [0.5]), y)
wrong = np.flatnonzero(rng.random(n) < 0.03)
y[wrong] = rng.integers(2, size=len(wrong))
keep = (y != 0) | (rng.random(n) < 0.25)
X, y = X[keep], y[keep]
n = len(y)
X = (X - X.mean(0)) / X.std(0) * [0.0319, 2.2, 6.96, 0.487, 518.0, 6.05] + [-0.0767, -3.38, 6.03, -1.01, 1190.0, 1.67]
X = X[:, rng.permutation(X.shape[1])]

labels = ['large', 'small']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1520]
known, hidden = order[:-580], order[-580:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['stem', 'carbon', 'feed', 'moisture', 'lamp_hours', 'heat'], ["kind"]
write(public / "fit.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "score.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['kind'], answers)
