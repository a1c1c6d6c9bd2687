"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(11425118662729615907000627705539339340)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

source = Path(os.environ["SOURCE"])
with gzip.open(source / "diabetes_data_raw.csv.gz", "rt") as file:
    table = np.array([line.split() for line in file], dtype=float)
with gzip.open(source / "diabetes_target.csv.gz", "rt") as file:
    table = np.hstack([table, np.array([[float(line)] for line in file])])
X, y = table[:, [0, 1, 2, 4, 5, 6, 8, 9, 10]], table[:, 7]

n = len(y)
y = np.searchsorted(np.quantile(y, [0.4]), y)
X = X + rng.normal(size=X.shape) * 0.02 * X.std(0)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [2.89, 0.447, 1.52, 1.64, 0.294, 0.17, 1700.0, 1.02, 22.6, 0.202, 31.3] + [-2.04, -1.17, 1.59, -0.301, -0.0925, 0.0267, -745.0, 1.84, -40.1, 0.407, 64.8]
X = X[:, rng.permutation(X.shape[1])]

labels = ['gentle', 'steep']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:442]
known, hidden = order[:-216], order[-216:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['v1', 'v4', 'v5', 'v7', 'v8', 'v9', 'v13', 'v15', 'v18', 'v27', 'v37'], ["course"]
write(public / "train.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "test.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['course'], answers)
