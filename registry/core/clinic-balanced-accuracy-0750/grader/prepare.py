"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(229831995848758663094689295938041355416)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

source = Path(os.environ["SOURCE"])
with gzip.open(source / "diabetes_data_raw.csv.gz", "rt") as file:
    table = np.array([line.split() for line in file], dtype=float)
with gzip.open(source / "diabetes_target.csv.gz", "rt") as file:
    table = np.hstack([table, np.array([[float(line)] for line in file])])
X, y = table[:, [1, 2, 3, 4, 6, 7, 9, 10]], table[:, 8]

n = len(y)
y = np.searchsorted(np.quantile(y, [0.4]), y)
X = X + rng.normal(size=X.shape) * 0.02 * X.std(0)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [20.7, 5.64, 829.0, 19.1, 8.57, 0.849, 14.1, 0.0766, 5.22, 1.96] + [-8.39, 3.51, 947.0, 26.1, 25.2, 0.752, -17.2, -0.22, -4.65, 5.86]
X = X[:, rng.permutation(X.shape[1])]

labels = ['mild', 'severe']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:435]
known, hidden = order[:-200], order[-200:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['x_2', 'x_7', 'x_20', 'x_21', 'x_23', 'x_28', 'x_30', 'x_32', 'x_34', 'x_37'], ["grade"]
write(public / "past.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "next.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['grade'], answers)
