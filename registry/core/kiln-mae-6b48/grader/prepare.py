"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(187205501205159465204734490888437244881)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1000, 5))
weights = rng.normal(size=5)
y = rng.poisson(np.exp(2.0 + X @ weights * 0.6 / np.linalg.norm(weights))).astype(float)

n = len(y)
X = np.hstack([X, rng.normal(size=(n, 3))])
X = (X - X.mean(0)) / X.std(0) * [0.174, 8.43, 0.415, 579.0, 0.936, 11.2, 0.0752, 0.268] + [-0.0706, -11.3, -1.02, 1440.0, 1.22, 10.7, -0.067, -0.0435]
X = X[:, rng.permutation(X.shape[1])]

truth = [[int(v)] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1000]
known, hidden = order[:-460], order[-460:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['cooling', 'soak', 'stacking', 'kaolin', 'press', 'cone', 'grog', 'draught'], ["shrinkage"]
write(public / "train.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "test.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['shrinkage'], answers)
