"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(164885114715041775085173468460826349714)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1120, 5))
weights = rng.normal(size=5)
y = rng.poisson(np.exp(1.0 + X @ weights * 0.8 / np.linalg.norm(weights))).astype(float)

n = len(y)
X = (X - X.mean(0)) / X.std(0) * [1280.0, 1.2, 25.2, 0.13, 0.0527] + [3470.0, 2.37, 2.5, 0.0577, -0.0324]
X = X[:, rng.permutation(X.shape[1])]

truth = [[int(v)] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1120]
known, hidden = order[:-620], order[-620:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['crust', 'drainage', 'moisture', 'worms', 'lime'], ["nitrogen"]
write(public / "train.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "test.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['nitrogen'], answers)
