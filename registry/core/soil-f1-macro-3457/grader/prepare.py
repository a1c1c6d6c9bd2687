"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(222620287898079017012304833179950031270)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(size=(1500, 7))
y = np.zeros(1500)
for _ in range(6):
    pair, cut = rng.integers(7, size=2), rng.uniform(0.25, 0.75, size=2)
    y = y + rng.normal(size=4)[(X[:, pair] > cut) @ [2, 1]]

n = len(y)
y = y + rng.normal(size=n) * 0.3 * y.std()
y = np.searchsorted(np.quantile(y, [0.5]), y)
X = np.hstack([X, rng.normal(size=(n, 1))])
X = (X - X.mean(0)) / X.std(0) * [0.951, 0.204, 1440.0, 0.81, 4.96, 0.358, 0.0396, 21.9] + [-1.01, -0.233, -3810.0, 0.277, 3.29, -0.881, -0.00598, -28.0]
X = X[:, rng.permutation(X.shape[1])]
X[rng.random(X.shape) < 0.1] = np.nan

labels = ['dry', 'wet']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1500]
known, hidden = order[:-520], order[-520:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['grain', 'crust', 'moisture', 'iron', 'ph', 'worms', 'lime', 'slope'], ["kind"]
write(public / "known.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['kind'], answers)
