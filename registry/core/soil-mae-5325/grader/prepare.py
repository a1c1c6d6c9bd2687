"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(313900154130571877429549389103015894840)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1080, 7))
weights = rng.normal(size=7)
y = rng.poisson(np.exp(2.0 + X @ weights * 0.6 / np.linalg.norm(weights))).astype(float)

n = len(y)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [0.81, 9.26, 12.2, 500.0, 1.14, 0.395, 10.7, 3.26, 0.606] + [0.746, 9.99, 13.0, -457.0, 2.89, 1.08, 22.2, 3.31, -1.57]
X = X[:, rng.permutation(X.shape[1])]

truth = [[int(v)] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1080]
known, hidden = order[:-520], order[-520:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['crust', 'slope', 'ph', 'porosity', 'worms', 'moisture', 'carbon', 'root_depth', 'lime'], ["nitrogen"]
write(public / "known.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['nitrogen'], answers)
