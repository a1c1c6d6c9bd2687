"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(131560649200389088655129049118513866944)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with gzip.open(Path(os.environ["SOURCE"]) / "digits.csv.gz", "rt") as file:
    table = np.array(list(csv.reader(file)), dtype=float)
pixels, digit = table[:, :64], table[:, 64].astype(int)
X = pixels.reshape(-1, 4, 2, 4, 2).mean((2, 4)).reshape(-1, 16)
y, X = X[:, 5], np.delete(X, 5, 1)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.02 * X.std(0)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [11.3, 6.13, 9.1, 17.5, 5.06, 16.8, 0.503, 7.51, 914.0, 1.6, 0.0727, 6.5, 15.3, 0.249, 9.78, 8.24, 0.074] + [-31.0, 5.45, -13.1, -33.1, -8.96, -40.9, -0.613, -13.5, -638.0, -3.56, -0.103, 8.71, -6.52, -0.0448, -2.07, 4.32, 0.17]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 84.0 + 285.1
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1796]
known, hidden = order[:-660], order[-660:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['m1', 'm3', 'm5', 'm9', 'm11', 'm14', 'm16', 'm18', 'm19', 'm21', 'm24', 'm28', 'm30', 'm33', 'm35', 'm37', 'm38'], ["ink"]
write(public / "known.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['ink'], answers)
