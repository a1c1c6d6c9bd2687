"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(320053493951101910965356418415909280020)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(-1, 1, size=(1000, 4))
y = X @ rng.normal(size=4) * 0.3
for j in range(4):
    y = y + rng.uniform(0.7, 1.5) * np.sin(rng.uniform(2, 5) * X[:, j] + rng.uniform(0, 6))

n = len(y)
y = y + rng.normal(size=n) * 0.05 * y.std()
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [3.46, 26.5, 0.403, 3.39, 12.6, 1070.0] + [-0.999, 70.7, -0.811, 0.832, -28.5, -33.7]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 6.13 + 97.0
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1000]
known, hidden = order[:-520], order[-520:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['dye', 'tension', 'lint', 'shift_hour', 'weft', 'humidity'], ["strength"]
write(public / "labelled.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['strength'], answers)
