"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(281991590964876279658501874113639587755)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1360, 7))
weights = rng.normal(size=7)
y = rng.poisson(np.exp(2.0 + X @ weights * 0.8 / np.linalg.norm(weights))).astype(float)

n = len(y)
X = np.hstack([X, rng.normal(size=(n, 1))])
X = (X - X.mean(0)) / X.std(0) * [13.8, 0.106, 9.2, 1.88, 18.2, 1210.0, 2.52, 1.12] + [7.3, 0.148, 20.0, 5.23, 6.6, -3570.0, -7.25, 2.81]
X = X[:, rng.permutation(X.shape[1])]
X[rng.random(X.shape) < 0.1] = np.nan

truth = [[int(v)] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1360]
known, hidden = order[:-640], order[-640:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['scab', 'chill', 'spacing', 'girth', 'canopy', 'aphids', 'rootstock', 'thinning'], ["fruit_kg"]
write(public / "past.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "next.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['fruit_kg'], answers)
