"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(24592815205331270192023217096074729172)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1240, 5))
weights = rng.normal(size=5)
y = rng.poisson(np.exp(1.0 + X @ weights * 0.8 / np.linalg.norm(weights))).astype(float)

n = len(y)
X = np.hstack([X, rng.normal(size=(n, 3))])
X = (X - X.mean(0)) / X.std(0) * [1110.0, 1.07, 0.101, 0.188, 27.4, 0.0366, 0.0671, 11.3] + [379.0, 0.496, 0.0579, -0.372, -59.0, -0.0505, -0.15, 24.1]
X = X[:, rng.permutation(X.shape[1])]

truth = [[int(v)] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1240]
known, hidden = order[:-700], order[-700:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['age', 'flux', 'tail', 'tilt', 'distance', 'coma', 'jitter', 'albedo'], ["magnitude"]
write(public / "train.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "test.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['magnitude'], answers)
