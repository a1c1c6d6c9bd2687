"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(72227192724872360084369240373963881612)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(size=(940, 7))
y = np.zeros(940)
for _ in range(6):
    pair, cut = rng.integers(7, size=2), rng.uniform(0.25, 0.75, size=2)
    y = y + rng.normal(size=4)[(X[:, pair] > cut) @ [2, 1]]

n = len(y)
y = y + rng.normal(size=n) * 0.3 * y.std()
X = np.hstack([X, rng.normal(size=(n, 3))])
X = (X - X.mean(0)) / X.std(0) * [26.0, 0.67, 0.179, 0.657, 2.01, 24.9, 1020.0, 0.915, 0.423, 23.2] + [14.4, 1.06, 0.0668, -1.56, 3.28, 45.0, 967.0, 0.296, 0.888, 50.1]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 7.37 + 207.1
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:940]
known, hidden = order[:-500], order[-500:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['crust', 'worms', 'carbon', 'root_depth', 'porosity', 'drainage', 'lime', 'iron', 'moisture', 'ph'], ["nitrogen"]
write(public / "fit.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "score.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['nitrogen'], answers)
