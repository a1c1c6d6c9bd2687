"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(179189653547540790572874501092172114238)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1500, 7))
y = X @ rng.normal(size=7) * 1.0
for _ in range(7):
    i, j = rng.integers(7, size=2)
    y = y + rng.choice([-1, 1]) * rng.uniform(0.5, 1.5) * X[:, i] * X[:, j]

n = len(y)
y = y + rng.normal(size=n) * 0.3 * y.std()
y = np.searchsorted(np.quantile(y, [0.333, 0.667]), y)
wrong = np.flatnonzero(rng.random(n) < 0.08)
y[wrong] = rng.integers(3, size=len(wrong))
X = (X - X.mean(0)) / X.std(0) * [1490.0, 17.1, 0.107, 10.3, 0.0898, 6.87, 21.2] + [84.1, -51.2, 0.19, 0.31, 0.253, 15.0, -47.0]
X = X[:, rng.permutation(X.shape[1])]

labels = ['aging', 'dead', 'fresh']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1500]
known, hidden = order[:-540], order[-540:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['charge_rate', 'ripple', 'mass', 'idle_days', 'density', 'cycles', 'resistance'], ["class"]
write(public / "fit.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "score.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['class'], answers)
