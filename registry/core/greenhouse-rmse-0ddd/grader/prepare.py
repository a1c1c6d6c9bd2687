"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(296748002359051434704740092681729695154)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1320, 4))
y = X @ rng.normal(size=4) * 0.5
for _ in range(12):
    i, j = rng.integers(4, size=2)
    y = y + rng.choice([-1, 1]) * rng.uniform(0.5, 1.5) * X[:, i] * X[:, j]

n = len(y)
y = y + rng.normal(size=n) * 0.1 * y.std()
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [0.334, 0.0753, 4.56, 11.9, 396.0, 3.7] + [0.887, 0.0334, -7.03, 25.2, 523.0, 7.19]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 1.07 + -31.5
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1320]
known, hidden = order[:-400], order[-400:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['pot_size', 'lamp_hours', 'trusses', 'moisture', 'leaves', 'heat'], ["yield_kg"]
write(public / "fit.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "score.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['yield_kg'], answers)
