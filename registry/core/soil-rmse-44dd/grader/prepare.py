"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(108409688617195993291753840677556177844)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(size=(1120, 6))
y = np.zeros(1120)
for _ in range(11):
    pair, cut = rng.integers(6, size=2), rng.uniform(0.25, 0.75, size=2)
    y = y + rng.normal(size=4)[(X[:, pair] > cut) @ [2, 1]]

n = len(y)
y = y + rng.normal(size=n) * 0.1 * y.std()
X = np.hstack([X, rng.normal(size=(n, 3))])
X = (X - X.mean(0)) / X.std(0) * [262.0, 0.147, 7.97, 0.28, 1.77, 0.951, 1.53, 0.79, 0.0481] + [22.8, -0.186, -1.54, -0.583, 0.55, -0.124, 0.405, 2.04, 0.126]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 3.25 + 257.8
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1120]
known, hidden = order[:-700], order[-700:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['ph', 'lime', 'root_depth', 'porosity', 'slope', 'worms', 'drainage', 'carbon', 'iron'], ["nitrogen"]
write(public / "labelled.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['nitrogen'], answers)
