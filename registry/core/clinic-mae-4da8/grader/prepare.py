"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(160708501280806897267011625476925407976)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

source = Path(os.environ["SOURCE"])
with gzip.open(source / "diabetes_data_raw.csv.gz", "rt") as file:
    table = np.array([line.split() for line in file], dtype=float)
with gzip.open(source / "diabetes_target.csv.gz", "rt") as file:
    table = np.hstack([table, np.array([[float(line)] for line in file])])
X, y = table[:, [0, 1, 2, 3, 4, 5, 6, 8, 9]], table[:, 7]

n = len(y)
X = X + rng.normal(size=X.shape) * 0.02 * X.std(0)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [1.42, 6.02, 0.139, 1260.0, 5.2, 0.139, 2.63, 0.0669, 0.609, 0.075, 17.3] + [0.0303, 8.23, 0.214, 1540.0, 13.1, -0.272, 2.76, 0.00261, 1.79, -0.0439, -33.3]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 12.0 + 11.8
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:439]
known, hidden = order[:-212], order[-212:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['item_02', 'item_04', 'item_08', 'item_09', 'item_10', 'item_15', 'item_18', 'item_19', 'item_24', 'item_25', 'item_31'], ["index"]
write(public / "seen.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "unseen.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['index'], answers)
