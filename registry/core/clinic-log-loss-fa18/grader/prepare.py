"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(227866304160629431334387428593069007636)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

source = Path(os.environ["SOURCE"])
with gzip.open(source / "diabetes_data_raw.csv.gz", "rt") as file:
    table = np.array([line.split() for line in file], dtype=float)
with gzip.open(source / "diabetes_target.csv.gz", "rt") as file:
    table = np.hstack([table, np.array([[float(line)] for line in file])])
X, y = table[:, [0, 1, 2, 3, 4, 5, 6, 7, 9, 10]], table[:, 8]

n = len(y)
y = np.searchsorted(np.quantile(y, [0.6]), y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [1.25, 0.135, 0.644, 1730.0, 0.151, 22.4, 0.231, 0.357, 0.194, 10.4] + [-1.58, 0.287, 1.67, 1250.0, -0.0703, 65.5, 0.385, -0.31, -0.516, -14.3]
X = X[:, rng.permutation(X.shape[1])]

labels = ['mild', 'severe']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:434]
known, hidden = order[:-200], order[-200:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['item_03', 'item_15', 'item_16', 'item_22', 'item_26', 'item_28', 'item_32', 'item_33', 'item_36', 'item_39'], ["course"]
write(public / "train.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "test.csv", columns, [rows[i] for i in hidden])
answers = [[int(label == truth[i][0]) for label in labels] for i in hidden]
write(private / "labels.csv", ['p_mild', 'p_severe'], answers)
