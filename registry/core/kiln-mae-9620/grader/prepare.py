"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(105727605987141591637877782529519939328)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1180, 7))
weights = rng.normal(size=7)
y = rng.poisson(np.exp(1.0 + X @ weights * 0.6 / np.linalg.norm(weights))).astype(float)

n = len(y)
X = np.hstack([X, rng.normal(size=(n, 3))])
X = (X - X.mean(0)) / X.std(0) * [2.49, 0.545, 15.8, 0.957, 0.294, 0.18, 0.478, 1050.0, 31.2, 0.169] + [2.4, 0.162, -9.62, 1.35, 0.485, 0.103, 0.314, 2300.0, -76.8, 0.475]
X = X[:, rng.permutation(X.shape[1])]

truth = [[int(v)] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1180]
known, hidden = order[:-620], order[-620:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['cooling', 'soak', 'press', 'grog', 'ramp', 'glaze', 'kaolin', 'feldspar', 'burner', 'draught'], ["shrinkage"]
write(public / "train.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "test.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['shrinkage'], answers)
