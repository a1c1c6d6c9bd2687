"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(293871526031950547275924762616644220816)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with gzip.open(Path(os.environ["SOURCE"]) / "digits.csv.gz", "rt") as file:
    table = np.array(list(csv.reader(file)), dtype=float)
pixels, digit = table[:, :64], table[:, 64].astype(int)
X = pixels.reshape(-1, 4, 2, 4, 2).mean((2, 4)).reshape(-1, 16)
y, X = X[:, 10], np.delete(X, 10, 1)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.02 * X.std(0)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [11.0, 7.58, 0.0341, 0.332, 4.85, 0.557, 1.14, 5.77, 0.384, 7.12, 0.0509, 2250.0, 0.0327, 18.0, 1.21, 1.07, 1.69] + [13.4, -9.23, 0.0881, -0.217, -2.37, 0.0529, -1.55, -5.52, -0.81, -9.26, -0.118, 279.0, -0.0124, 48.1, 1.78, -1.21, 1.46]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 2.11 + 234.4
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1786]
known, hidden = order[:-520], order[-520:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['m2', 'm3', 'm5', 'm6', 'm7', 'm8', 'm13', 'm15', 'm16', 'm21', 'm23', 'm24', 'm27', 'm29', 'm31', 'm33', 'm36'], ["ink"]
write(public / "fit.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "score.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['ink'], answers)
