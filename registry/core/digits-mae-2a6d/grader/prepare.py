"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(173042061045691178141161974443385565591)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with gzip.open(Path(os.environ["SOURCE"]) / "digits.csv.gz", "rt") as file:
    table = np.array(list(csv.reader(file)), dtype=float)
pixels, digit = table[:, :64], table[:, 64].astype(int)
X = pixels.reshape(-1, 4, 2, 4, 2).mean((2, 4)).reshape(-1, 16)
y, X = X[:, 10], np.delete(X, 10, 1)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [0.0446, 845.0, 0.313, 0.58, 7.62, 24.1, 1.76, 0.204, 0.228, 2.41, 0.915, 0.761, 0.0996, 0.101, 0.384] + [0.0817, -625.0, 0.858, -0.0583, 6.54, -34.7, 4.1, 0.544, 0.213, 0.6, -2.66, 1.1, -0.111, -0.0395, -0.97]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 13.4 + 208.8
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1781]
known, hidden = order[:-780], order[-780:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['m3', 'm7', 'm8', 'm9', 'm11', 'm12', 'm13', 'm14', 'm21', 'm23', 'm25', 'm28', 'm30', 'm33', 'm36'], ["ink"]
write(public / "known.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['ink'], answers)
