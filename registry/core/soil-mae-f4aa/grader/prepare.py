"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(289480148499578422818485085856457705195)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1520, 4))
weights = rng.normal(size=4)
y = rng.poisson(np.exp(1.0 + X @ weights * 0.8 / np.linalg.norm(weights))).astype(float)

n = len(y)
X = np.hstack([X, rng.normal(size=(n, 1))])
X = (X - X.mean(0)) / X.std(0) * [427.0, 0.0732, 0.0565, 0.338, 0.809] + [-997.0, 0.134, 0.0984, 0.47, -1.29]
X = X[:, rng.permutation(X.shape[1])]

truth = [[int(v)] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1520]
known, hidden = order[:-580], order[-580:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['ph', 'grain', 'carbon', 'root_depth', 'crust'], ["nitrogen"]
write(public / "known.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['nitrogen'], answers)
