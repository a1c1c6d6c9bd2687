"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(193361043628277300529705835243214647486)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with gzip.open(Path(os.environ["SOURCE"]) / "digits.csv.gz", "rt") as file:
    table = np.array(list(csv.reader(file)), dtype=float)
pixels, digit = table[:, :64], table[:, 64].astype(int)
y = np.isin(digit, [0, 1, 2, 6, 7]).astype(int)
X = pixels.reshape(-1, 4, 2, 4, 2).mean((2, 4)).reshape(-1, 16)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [0.205, 5.15, 5.31, 0.0339, 27.7, 1.79, 0.473, 0.252, 3.82, 4.2, 16.7, 25.9, 0.061, 4.16, 16.9, 1230.0, 0.547, 9.46] + [0.595, -15.0, -14.6, -0.0203, -27.1, 2.37, -1.4, -0.416, -2.12, -5.49, 2.74, 4.49, 0.0694, 11.7, 0.404, 1850.0, 0.825, -0.0823]
X = X[:, rng.permutation(X.shape[1])]

labels = ['inside', 'outside']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1793]
known, hidden = order[:-780], order[-780:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['m1', 'm4', 'm5', 'm9', 'm12', 'm17', 'm18', 'm19', 'm20', 'm22', 'm23', 'm24', 'm26', 'm31', 'm32', 'm34', 'm37', 'm38'], ["kind"]
write(public / "known.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['kind'], answers)
