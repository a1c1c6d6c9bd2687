"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(281522396497980852622378721269273244453)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with gzip.open(Path(os.environ["SOURCE"]) / "digits.csv.gz", "rt") as file:
    table = np.array(list(csv.reader(file)), dtype=float)
pixels, digit = table[:, :64], table[:, 64].astype(int)
X = pixels.reshape(-1, 4, 2, 4, 2).mean((2, 4)).reshape(-1, 16)
y, X = X[:, 5], np.delete(X, 5, 1)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.02 * X.std(0)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [10.5, 6.83, 0.143, 0.694, 0.619, 21.2, 2.52, 2.5, 5.92, 1050.0, 0.103, 2.82, 3.35, 14.3, 0.0594, 0.259, 10.2] + [-30.9, 17.9, -0.259, -1.57, 1.2, -12.1, -3.6, -5.85, -9.47, -3050.0, 0.29, -0.647, 0.546, -30.5, -0.058, 0.225, -10.9]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 0.634 + 45.4
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1794]
known, hidden = order[:-680], order[-680:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['col_1', 'col_4', 'col_6', 'col_7', 'col_13', 'col_14', 'col_18', 'col_21', 'col_23', 'col_27', 'col_28', 'col_30', 'col_32', 'col_34', 'col_36', 'col_37', 'col_39'], ["ink"]
write(public / "fit.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "score.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['ink'], answers)
