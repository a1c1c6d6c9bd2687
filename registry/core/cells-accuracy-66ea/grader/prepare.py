"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(11394504459950940783064705399919994077)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with open(Path(os.environ["SOURCE"]) / "breast_cancer.csv", newline="") as file:
    table = np.array(list(csv.reader(file))[1:], dtype=float)
X, y = table[:, [3, 5, 11, 15, 16, 21, 24, 25]], 1 - table[:, 30].astype(int)

n = len(y)
wrong = np.flatnonzero(rng.random(n) < 0.05)
y[wrong] = rng.integers(2, size=len(wrong))
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [273.0, 0.0383, 0.755, 0.181, 2.78, 0.126, 0.686, 6.3, 0.113, 2.83] + [630.0, 0.0114, 1.13, -0.319, 4.19, 0.24, 0.412, 8.32, 0.32, 1.78]
X = X[:, rng.permutation(X.shape[1])]

labels = ['clear', 'suspect']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:566]
known, hidden = order[:-280], order[-280:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['m2', 'm8', 'm10', 'm12', 'm16', 'm20', 'm29', 'm30', 'm37', 'm39'], ["finding"]
write(public / "known.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['finding'], answers)
