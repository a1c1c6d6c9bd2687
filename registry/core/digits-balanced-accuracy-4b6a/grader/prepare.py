"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(78802)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with gzip.open(Path(os.environ["SOURCE"]) / "digits.csv.gz", "rt") as file:
    table = np.array(list(csv.reader(file)), dtype=float)
pixels, digit = table[:, :64], table[:, 64].astype(int)
chosen = np.isin(digit, [0, 2, 5] + [3, 7, 9])
pixels, digit = pixels[chosen], digit[chosen]
y = np.isin(digit, [0, 2, 5]).astype(int)
X = pixels.reshape(-1, 8, 8)
X = np.hstack([X.sum(1), X.sum(2)])

n = len(y)
X = X + rng.normal(size=X.shape) * 0.02 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [29.9, 3.16, 0.0448, 0.232, 2180.0, 0.0539, 1.79, 0.0844, 9.4, 0.104, 0.71, 2.07, 1.51, 17.2, 3.88, 0.362] + [-89.6, 1.55, -0.0636, 0.151, -2640.0, 0.123, 1.97, -0.163, 1.65, -0.179, 1.28, -3.9, -3.76, -0.685, -0.262, -0.875]
X = X[:, rng.permutation(X.shape[1])]

labels = ['blue', 'red']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1782]
known, hidden = order[:-420], order[-420:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['f01', 'f02', 'f06', 'f09', 'f10', 'f11', 'f15', 'f20', 'f22', 'f24', 'f25', 'f26', 'f28', 'f33', 'f35', 'f39'], ["kind"]
write(public / "known.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['kind'], answers)
