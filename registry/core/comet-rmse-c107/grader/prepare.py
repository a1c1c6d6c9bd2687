"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(301807607635770082495441663027030769698)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(size=(1500, 7))
y = np.zeros(1500)
for _ in range(12):
    pair, cut = rng.integers(7, size=2), rng.uniform(0.25, 0.75, size=2)
    y = y + rng.normal(size=4)[(X[:, pair] > cut) @ [2, 1]]

n = len(y)
y = y + rng.normal(size=n) * 0.05 * y.std()
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [777.0, 0.927, 14.9, 11.0, 0.0689, 0.416, 0.0817, 0.136, 1.38] + [-1770.0, -0.412, -44.0, -7.36, -0.0226, 0.425, 0.225, 0.054, 0.0419]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 29.3 + 220.2
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1500]
known, hidden = order[:-580], order[-580:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['angle', 'tilt', 'albedo', 'jitter', 'age', 'dust_rate', 'tail', 'coma', 'flux'], ["magnitude"]
write(public / "labelled.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['magnitude'], answers)
