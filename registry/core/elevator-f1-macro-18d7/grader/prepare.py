"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(6170977966108503567223907152071811955)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1040, 7))
y = X @ rng.normal(size=7) * 0.2
for _ in range(12):
    i, j = rng.integers(7, size=2)
    y = y + rng.choice([-1, 1]) * rng.uniform(0.5, 1.5) * X[:, i] * X[:, j]

n = len(y)
y = y + rng.normal(size=n) * 0.1 * y.std()
y = np.searchsorted(np.quantile(y, [0.5]), y)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [18.6, 24.8, 24.8, 14.8, 0.0832, 1240.0, 7.66, 1.2, 4.41] + [2.11, 1.73, -37.7, -15.4, -0.196, -1740.0, 1.63, 2.16, 3.91]
X = X[:, rng.permutation(X.shape[1])]

labels = ['jam', 'smooth']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1040]
known, hidden = order[:-520], order[-520:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['hour', 'door_time', 'brake', 'calls', 'speed', 'load', 'stops', 'staff', 'meetings'], ["state"]
write(public / "train.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "test.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['state'], answers)
