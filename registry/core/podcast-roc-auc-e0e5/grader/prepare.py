"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(236848705151648947738396730112063258607)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

y = rng.integers(2, size=2788)
centres = rng.normal(size=(2, 3, 6)) * 1.73
X = centres[y, rng.integers(3, size=2788)] + rng.normal(size=(2788, 6))

n = len(y)
wrong = np.flatnonzero(rng.random(n) < 0.08)
y[wrong] = rng.integers(2, size=len(wrong))
keep = (y != 0) | (rng.random(n) < 0.25)
X, y = X[keep], y[keep]
n = len(y)
X = (X - X.mean(0)) / X.std(0) * [0.742, 2.77, 28.2, 3.43, 0.921, 1900.0] + [1.26, -3.98, -74.1, -8.53, -1.44, 2550.0]
X = X[:, rng.permutation(X.shape[1])]

labels = ['dropped', 'finished']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1640]
known, hidden = order[:-660], order[-660:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['laughs', 'tempo', 'words', 'chapters', 'loudness', 'guests'], ["class"]
write(public / "known.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [[int(truth[i][0] == labels[1])] for i in hidden]
write(private / "labels.csv", ['score'], answers)
