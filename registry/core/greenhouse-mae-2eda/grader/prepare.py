"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(319022545652720511930673951087698431398)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1440, 6))
weights = rng.normal(size=6)
y = rng.poisson(np.exp(2.0 + X @ weights * 0.6 / np.linalg.norm(weights))).astype(float)

n = len(y)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [0.356, 0.0325, 9.61, 3.66, 4.02, 17.6, 30.6, 1170.0] + [0.804, 0.0401, -23.9, 4.48, -4.08, 25.0, 68.1, -2920.0]
X = X[:, rng.permutation(X.shape[1])]
X[rng.random(X.shape) < 0.05] = np.nan

truth = [[int(v)] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1440]
known, hidden = order[:-580], order[-580:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['trusses', 'moisture', 'lamp_hours', 'pruning', 'pot_size', 'heat', 'bees', 'leaves'], ["yield_kg"]
write(public / "train.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "test.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['yield_kg'], answers)
