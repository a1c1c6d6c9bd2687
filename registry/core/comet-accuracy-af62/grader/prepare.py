"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(179363227458295141678906103962252699802)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1340, 7))
y = X @ rng.normal(size=7) * 0.2
for _ in range(6):
    i, j = rng.integers(7, size=2)
    y = y + rng.choice([-1, 1]) * rng.uniform(0.5, 1.5) * X[:, i] * X[:, j]

n = len(y)
y = y + rng.normal(size=n) * 0.3 * y.std()
y = np.searchsorted(np.quantile(y, [0.333, 0.667]), y)
wrong = np.flatnonzero(rng.random(n) < 0.03)
y[wrong] = rng.integers(3, size=len(wrong))
X = np.hstack([X, rng.normal(size=(n, 1))])
X = (X - X.mean(0)) / X.std(0) * [0.287, 593.0, 0.154, 0.119, 2.16, 5.1, 0.858, 13.7] + [-0.573, 217.0, -0.343, 0.0534, -3.11, 7.04, 2.36, -5.49]
X = X[:, rng.permutation(X.shape[1])]

labels = ['dust', 'gas', 'ice']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1340]
known, hidden = order[:-480], order[-480:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['gas_rate', 'albedo', 'angle', 'distance', 'spin', 'dust_rate', 'jitter', 'tilt'], ["state"]
write(public / "fit.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "score.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['state'], answers)
