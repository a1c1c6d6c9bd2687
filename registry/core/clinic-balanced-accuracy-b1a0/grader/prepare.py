"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(142787980796120265315503015948631247792)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

source = Path(os.environ["SOURCE"])
with gzip.open(source / "diabetes_data_raw.csv.gz", "rt") as file:
    table = np.array([line.split() for line in file], dtype=float)
with gzip.open(source / "diabetes_target.csv.gz", "rt") as file:
    table = np.hstack([table, np.array([[float(line)] for line in file])])
X, y = table[:, [0, 2, 3, 4, 6, 8, 9, 10]], table[:, 5]

n = len(y)
y = np.searchsorted(np.quantile(y, [0.5]), y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [4.46, 30.9, 3.51, 1390.0, 0.0451, 0.033, 0.0962, 2.6] + [-0.717, 12.9, -9.25, 2820.0, 0.0505, -0.0394, 0.241, 5.51]
X = X[:, rng.permutation(X.shape[1])]

labels = ['mild', 'severe']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:441]
known, hidden = order[:-216], order[-216:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['v1', 'v2', 'v11', 'v14', 'v16', 'v18', 'v35', 'v37'], ["grade"]
write(public / "seen.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unseen.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['grade'], answers)
