"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(267946341614153164732260222273981271514)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

source = Path(os.environ["SOURCE"])
with gzip.open(source / "diabetes_data_raw.csv.gz", "rt") as file:
    table = np.array([line.split() for line in file], dtype=float)
with gzip.open(source / "diabetes_target.csv.gz", "rt") as file:
    table = np.hstack([table, np.array([[float(line)] for line in file])])
X, y = table[:, [0, 1, 2, 3, 4, 5, 7, 8, 9]], table[:, 6]

n = len(y)
y = np.searchsorted(np.quantile(y, [0.5]), y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [12.0, 1.21, 0.129, 0.213, 0.469, 1.78, 2.89, 3.78, 650.0] + [21.4, -1.39, -0.0409, 0.176, -0.592, -0.637, -2.84, 5.42, -1450.0]
X = X[:, rng.permutation(X.shape[1])]

labels = ['mild', 'severe']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:433]
known, hidden = order[:-216], order[-216:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['item_02', 'item_08', 'item_09', 'item_11', 'item_13', 'item_19', 'item_24', 'item_31', 'item_38'], ["grade"]
write(public / "past.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "next.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['grade'], answers)
