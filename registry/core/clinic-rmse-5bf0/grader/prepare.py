"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(90900302633943919561754117547983707647)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

source = Path(os.environ["SOURCE"])
with gzip.open(source / "diabetes_data_raw.csv.gz", "rt") as file:
    table = np.array([line.split() for line in file], dtype=float)
with gzip.open(source / "diabetes_target.csv.gz", "rt") as file:
    table = np.hstack([table, np.array([[float(line)] for line in file])])
X, y = table[:, [1, 2, 4, 5, 6, 7, 8, 9]], table[:, 10]

n = len(y)
X = X + rng.normal(size=X.shape) * 0.02 * X.std(0)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [0.0502, 1050.0, 0.244, 9.33, 18.2, 8.22, 1.2, 3.77, 6.38, 3.53] + [0.142, 2900.0, 0.035, -4.02, -34.0, 9.53, -3.38, -4.07, 12.8, -1.7]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 7.6 + 53.4
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:433]
known, hidden = order[:-200], order[-200:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['x_2', 'x_8', 'x_9', 'x_13', 'x_17', 'x_18', 'x_22', 'x_28', 'x_29', 'x_33'], ["outcome"]
write(public / "past.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "next.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['outcome'], answers)
