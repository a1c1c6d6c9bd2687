"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(292700869688422067621289381144674012122)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with gzip.open(Path(os.environ["SOURCE"]) / "digits.csv.gz", "rt") as file:
    table = np.array(list(csv.reader(file)), dtype=float)
pixels, digit = table[:, :64], table[:, 64].astype(int)
y = np.isin(digit, [1, 3, 5, 7, 9]).astype(int)
X = pixels.reshape(-1, 8, 8)
X = np.hstack([X.sum(1), X.sum(2)])

n = len(y)
X = X + rng.normal(size=X.shape) * 0.02 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [0.0336, 0.0505, 0.0508, 13.8, 4.44, 23.3, 0.0568, 25.4, 5.7, 0.0379, 7.06, 0.586, 1510.0, 27.7, 4.22, 0.205] + [0.01, -0.0915, 0.0876, -11.6, 3.34, 5.11, -0.0363, -51.3, -1.05, 0.0938, 20.4, -1.66, -2140.0, -77.4, -5.44, -0.255]
X = X[:, rng.permutation(X.shape[1])]

labels = ['inside', 'outside']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1786]
known, hidden = order[:-520], order[-520:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['m2', 'm6', 'm8', 'm9', 'm11', 'm12', 'm14', 'm16', 'm19', 'm20', 'm21', 'm23', 'm28', 'm37', 'm38', 'm39'], ["kind"]
write(public / "known.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['kind'], answers)
