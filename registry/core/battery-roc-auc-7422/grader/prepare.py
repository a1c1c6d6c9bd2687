"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(232741519014946863716492906327442437110)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(-1, 1, size=(960, 4))
y = X @ rng.normal(size=4) * 0.3
for j in range(4):
    y = y + rng.uniform(0.7, 1.5) * np.sin(rng.uniform(2, 5) * X[:, j] + rng.uniform(0, 6))

n = len(y)
y = y + rng.normal(size=n) * 0.1 * y.std()
y = np.searchsorted(np.quantile(y, [0.5]), y)
X = np.hstack([X, rng.normal(size=(n, 1))])
X = (X - X.mean(0)) / X.std(0) * [0.203, 0.0538, 0.0382, 0.089, 104.0] + [0.00524, -0.00358, 0.0226, 0.0518, 31.6]
X = X[:, rng.permutation(X.shape[1])]
X[rng.random(X.shape) < 0.05] = np.nan

labels = ['good', 'worn']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:960]
known, hidden = order[:-520], order[-520:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['voltage', 'ripple', 'idle_days', 'mass', 'heat'], ["status"]
write(public / "known.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [[int(truth[i][0] == labels[1])] for i in hidden]
write(private / "labels.csv", ['p_worn'], answers)
