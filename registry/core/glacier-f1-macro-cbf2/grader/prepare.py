"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(270208079690693828499747049542822792525)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(2414, 2))
far = np.sqrt((X ** 2).sum(1))
y = np.searchsorted(np.quantile(far, [0.5]), far)
X = X * (1 + rng.normal(size=(2414, 1)) * 0.08)

n = len(y)
wrong = np.flatnonzero(rng.random(n) < 0.03)
y[wrong] = rng.integers(2, size=len(wrong))
keep = (y != 1) | (rng.random(n) < 0.25)
X, y = X[keep], y[keep]
n = len(y)
X = np.hstack([X, rng.normal(size=(n, 3))])
X = (X - X.mean(0)) / X.std(0) * [1.66, 1.4, 267.0, 1.37, 7.29] + [1.83, 1.39, -754.0, 3.72, 18.6]
X = X[:, rng.permutation(X.shape[1])]

labels = ['growing', 'retreating']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1420]
known, hidden = order[:-540], order[-540:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['aspect', 'wind', 'elevation', 'crevasse', 'dust'], ["status"]
write(public / "fit.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "score.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['status'], answers)
