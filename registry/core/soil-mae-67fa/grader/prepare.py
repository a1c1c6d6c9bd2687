"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(227118996030850712179883699907033776007)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1220, 5))
weights = rng.normal(size=5)
y = rng.poisson(np.exp(1.0 + X @ weights * 0.6 / np.linalg.norm(weights))).astype(float)

n = len(y)
X = (X - X.mean(0)) / X.std(0) * [1280.0, 2.91, 0.4, 0.302, 21.5] + [-3510.0, -0.182, -0.529, 0.711, -12.7]
X = X[:, rng.permutation(X.shape[1])]

truth = [[int(v)] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1220]
known, hidden = order[:-520], order[-520:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['ph', 'drainage', 'worms', 'root_depth', 'porosity'], ["nitrogen"]
write(public / "labelled.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['nitrogen'], answers)
