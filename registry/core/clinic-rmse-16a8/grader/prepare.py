"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(243852770065825012070490077963321255470)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

source = Path(os.environ["SOURCE"])
with gzip.open(source / "diabetes_data_raw.csv.gz", "rt") as file:
    table = np.array([line.split() for line in file], dtype=float)
with gzip.open(source / "diabetes_target.csv.gz", "rt") as file:
    table = np.hstack([table, np.array([[float(line)] for line in file])])
X, y = table[:, [0, 1, 2, 3, 5, 6, 7, 8, 9]], table[:, 10]

n = len(y)
X = X + rng.normal(size=X.shape) * 0.02 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [0.0866, 0.827, 0.0417, 10.3, 1010.0, 0.0872, 4.4, 18.1, 0.228] + [0.175, 1.98, -0.0615, 2.85, 2790.0, -0.148, -4.32, 21.4, 0.236]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 0.852 + 39.1
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:439]
known, hidden = order[:-216], order[-216:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['item_01', 'item_02', 'item_03', 'item_08', 'item_14', 'item_16', 'item_17', 'item_22', 'item_26'], ["index"]
write(public / "past.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "next.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['index'], answers)
