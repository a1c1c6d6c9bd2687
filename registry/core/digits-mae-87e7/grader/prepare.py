"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(324179985351779242568182131132884844509)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with gzip.open(Path(os.environ["SOURCE"]) / "digits.csv.gz", "rt") as file:
    table = np.array(list(csv.reader(file)), dtype=float)
pixels, digit = table[:, :64], table[:, 64].astype(int)
X = pixels.reshape(-1, 4, 2, 4, 2).mean((2, 4)).reshape(-1, 16)
y, X = X[:, 10], np.delete(X, 10, 1)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.02 * X.std(0)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [0.073, 7.15, 0.322, 1410.0, 4.43, 27.8, 3.98, 0.309, 15.9, 0.233, 21.4, 2.23, 0.603, 1.23, 0.375, 0.0876, 0.0954] + [0.184, 20.2, -0.015, -2540.0, -11.9, 36.5, -10.5, 0.116, -3.19, -0.473, -61.3, 5.53, -0.4, -0.36, -0.635, 0.00122, -0.179]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 8.26 + 0.1
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1782]
known, hidden = order[:-520], order[-520:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['reading_7', 'reading_8', 'reading_10', 'reading_11', 'reading_15', 'reading_16', 'reading_18', 'reading_19', 'reading_20', 'reading_21', 'reading_22', 'reading_24', 'reading_33', 'reading_34', 'reading_36', 'reading_37', 'reading_39'], ["ink"]
write(public / "labelled.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['ink'], answers)
