"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(296632053196841184507682159211544969354)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

source = Path(os.environ["SOURCE"])
with gzip.open(source / "diabetes_data_raw.csv.gz", "rt") as file:
    table = np.array([line.split() for line in file], dtype=float)
with gzip.open(source / "diabetes_target.csv.gz", "rt") as file:
    table = np.hstack([table, np.array([[float(line)] for line in file])])
X, y = table[:, [0, 1, 2, 4, 5, 6, 8, 10]], table[:, 7]

n = len(y)
y = np.searchsorted(np.quantile(y, [0.4]), y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [0.0517, 0.116, 0.275, 2330.0, 0.0407, 31.0, 11.3, 0.0643] + [0.0614, 0.0993, 0.65, -4570.0, 0.0641, -0.203, 21.2, 0.0972]
X = X[:, rng.permutation(X.shape[1])]

labels = ['gentle', 'steep']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:436]
known, hidden = order[:-220], order[-220:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['v5', 'v10', 'v14', 'v18', 'v24', 'v28', 'v34', 'v36'], ["grade"]
write(public / "past.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "next.csv", columns, [rows[i] for i in hidden])
answers = [[int(label == truth[i][0]) for label in labels] for i in hidden]
write(private / "labels.csv", ['p_gentle', 'p_steep'], answers)
