"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(104504277120283655316426628852108855939)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1240, 4))
y = X @ rng.normal(size=4) * 1.0
for _ in range(12):
    i, j = rng.integers(4, size=2)
    y = y + rng.choice([-1, 1]) * rng.uniform(0.5, 1.5) * X[:, i] * X[:, j]

n = len(y)
y = y + rng.normal(size=n) * 0.1 * y.std()
X = (X - X.mean(0)) / X.std(0) * [0.562, 0.118, 7.36, 239.0] + [-1.31, 0.0387, 17.5, 655.0]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 13.0 + 267.9
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1240]
known, hidden = order[:-560], order[-560:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['oak_age', 'tannin', 'sulphur', 'ester'], ["score"]
write(public / "train.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "test.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['score'], answers)
