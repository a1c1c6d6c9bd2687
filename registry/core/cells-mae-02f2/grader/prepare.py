"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(303824621994609608357481400859303272898)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with open(Path(os.environ["SOURCE"]) / "breast_cancer.csv", newline="") as file:
    table = np.array(list(csv.reader(file))[1:], dtype=float)
X, y = table[:, [1, 2, 11, 16, 18, 20, 22, 25, 27]], np.log(table[:, 13] + 1e-3)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [19.0, 1.25, 25.0, 1320.0, 2.95, 0.041, 0.0521, 0.281, 0.0829] + [-41.5, 1.3, -18.5, 2880.0, -5.95, -0.029, -0.126, -0.235, 0.101]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 0.396 + 248.8
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:554]
known, hidden = order[:-250], order[-250:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['m1', 'm2', 'm6', 'm10', 'm14', 'm20', 'm27', 'm28', 'm30'], ["level"]
write(public / "known.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['level'], answers)
