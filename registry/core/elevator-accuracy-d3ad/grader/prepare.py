"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(304132617039055612300958881368810974422)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1540, 4))
y = X @ rng.normal(size=4) * 0.5
for _ in range(9):
    i, j = rng.integers(4, size=2)
    y = y + rng.choice([-1, 1]) * rng.uniform(0.5, 1.5) * X[:, i] * X[:, j]

n = len(y)
y = y + rng.normal(size=n) * 0.05 * y.std()
y = np.searchsorted(np.quantile(y, [0.5]), y)
wrong = np.flatnonzero(rng.random(n) < 0.08)
y[wrong] = rng.integers(2, size=len(wrong))
X = (X - X.mean(0)) / X.std(0) * [216.0, 0.0933, 0.0354, 6.94] + [-491.0, 0.0267, 0.106, -10.0]
X = X[:, rng.permutation(X.shape[1])]

labels = ['jam', 'smooth']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1540]
known, hidden = order[:-620], order[-620:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['lobby', 'motor_heat', 'meetings', 'stops'], ["state"]
write(public / "train.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "test.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['state'], answers)
