"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(93852037307203407039034330535312588392)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

source = Path(os.environ["SOURCE"])
with gzip.open(source / "diabetes_data_raw.csv.gz", "rt") as file:
    table = np.array([line.split() for line in file], dtype=float)
with gzip.open(source / "diabetes_target.csv.gz", "rt") as file:
    table = np.hstack([table, np.array([[float(line)] for line in file])])
X, y = table[:, [0, 1, 2, 3, 5, 6, 7, 9, 10]], table[:, 4]

n = len(y)
y = np.searchsorted(np.quantile(y, [0.4]), y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [9.94, 671.0, 0.0656, 4.59, 1.72, 0.368, 18.9, 0.0394, 2.78] + [-15.9, -1900.0, 0.0603, -11.7, -2.12, -0.732, 16.4, 0.0606, 0.894]
X = X[:, rng.permutation(X.shape[1])]

labels = ['mild', 'severe']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:436]
known, hidden = order[:-220], order[-220:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['x_7', 'x_15', 'x_16', 'x_18', 'x_27', 'x_29', 'x_33', 'x_34', 'x_35'], ["course"]
write(public / "seen.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unseen.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['course'], answers)
