"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(97511046546756118928109801755594083177)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

y = rng.integers(2, size=2652)
centres = rng.normal(size=(2, 3, 4)) * 1.48
X = centres[y, rng.integers(3, size=2652)] + rng.normal(size=(2652, 4))

n = len(y)
wrong = np.flatnonzero(rng.random(n) < 0.08)
y[wrong] = rng.integers(2, size=len(wrong))
keep = (y != 0) | (rng.random(n) < 0.25)
X, y = X[keep], y[keep]
n = len(y)
X = np.hstack([X, rng.normal(size=(n, 3))])
X = (X - X.mean(0)) / X.std(0) * [0.617, 6.68, 11.6, 1.75, 0.985, 426.0, 0.314] + [-1.69, -7.94, 32.3, 4.86, -1.18, -152.0, -0.167]
X = X[:, rng.permutation(X.shape[1])]

labels = ['grey', 'white']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1560]
known, hidden = order[:-640], order[-640:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['drainage', 'slope', 'aspect', 'crevasse', 'wind', 'elevation', 'snowfall'], ["kind"]
write(public / "fit.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "score.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['kind'], answers)
