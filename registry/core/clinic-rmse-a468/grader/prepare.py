"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(110242832432908596206437119851349134044)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

source = Path(os.environ["SOURCE"])
with gzip.open(source / "diabetes_data_raw.csv.gz", "rt") as file:
    table = np.array([line.split() for line in file], dtype=float)
with gzip.open(source / "diabetes_target.csv.gz", "rt") as file:
    table = np.hstack([table, np.array([[float(line)] for line in file])])
X, y = table[:, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]], table[:, 10]

n = len(y)
X = X + rng.normal(size=X.shape) * 0.02 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [1.52, 3.26, 25.6, 893.0, 1.41, 18.2, 1.86, 0.317, 1.29, 4.41] + [-0.0938, 5.87, 57.3, -1430.0, 0.789, -20.1, -4.69, 0.0744, 0.778, -9.76]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 15.2 + 132.5
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:434]
known, hidden = order[:-200], order[-200:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['v1', 'v6', 'v12', 'v15', 'v17', 'v23', 'v28', 'v29', 'v33', 'v37'], ["outcome"]
write(public / "seen.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unseen.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['outcome'], answers)
