"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(259238643136078313670383465548764102253)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(-1, 1, size=(1870, 3))
y = X @ rng.normal(size=3) * 0.3
for j in range(3):
    y = y + rng.uniform(0.7, 1.5) * np.sin(rng.uniform(2, 7) * X[:, j] + rng.uniform(0, 6))

n = len(y)
y = y + rng.normal(size=n) * 0.2 * y.std()
y = np.searchsorted(np.quantile(y, [0.5]), y)
keep = (y != 1) | (rng.random(n) < 0.25)
X, y = X[keep], y[keep]
n = len(y)
X = (X - X.mean(0)) / X.std(0) * [28.1, 0.48, 1570.0] + [81.6, 0.473, -3610.0]
X = X[:, rng.permutation(X.shape[1])]

labels = ['jam', 'smooth']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1100]
known, hidden = order[:-580], order[-580:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['motor_heat', 'hour', 'speed'], ["status"]
write(public / "fit.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "score.csv", columns, [rows[i] for i in hidden])
answers = [[int(truth[i][0] == labels[1])] for i in hidden]
write(private / "labels.csv", ['p_smooth'], answers)
