"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(86856641161254985891135862822551390564)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

source = Path(os.environ["SOURCE"])
with gzip.open(source / "diabetes_data_raw.csv.gz", "rt") as file:
    table = np.array([line.split() for line in file], dtype=float)
with gzip.open(source / "diabetes_target.csv.gz", "rt") as file:
    table = np.hstack([table, np.array([[float(line)] for line in file])])
X, y = table[:, [0, 1, 3, 4, 7, 8, 9, 10]], table[:, 6]

n = len(y)
y = np.searchsorted(np.quantile(y, [0.4]), y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [0.771, 0.693, 15.3, 709.0, 0.21, 7.61, 21.4, 13.2] + [-1.64, 1.4, -37.6, 18.2, 0.416, 0.663, -43.6, 31.3]
X = X[:, rng.permutation(X.shape[1])]

labels = ['gentle', 'steep']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:440]
known, hidden = order[:-212], order[-212:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['v11', 'v12', 'v18', 'v24', 'v30', 'v32', 'v34', 'v37'], ["grade"]
write(public / "seen.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unseen.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['grade'], answers)
