"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(65737463133320721169516590993312318058)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(-1, 1, size=(1380, 3))
y = X @ rng.normal(size=3) * 0.3
for j in range(3):
    y = y + rng.uniform(0.7, 1.5) * np.sin(rng.uniform(2, 5) * X[:, j] + rng.uniform(0, 6))

n = len(y)
y = y + rng.normal(size=n) * 0.1 * y.std()
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [0.04, 1.04, 0.104, 0.0768, 70.1] + [0.0443, -0.96, -0.0072, -0.153, 121.0]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 2.89 + 225.1
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1380]
known, hidden = order[:-500], order[-500:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['sugar', 'salt', 'water', 'yeast', 'altitude'], ["loaf_volume"]
write(public / "labelled.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['loaf_volume'], answers)
