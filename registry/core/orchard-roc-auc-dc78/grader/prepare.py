"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(123178025621185483301624007150886650165)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(size=(1140, 2))
y = np.floor(X * 3).sum(1).astype(int) % 2
X = X + rng.normal(size=X.shape) * 0.02

n = len(y)
wrong = np.flatnonzero(rng.random(n) < 0.03)
y[wrong] = rng.integers(2, size=len(wrong))
X = np.hstack([X, rng.normal(size=(n, 1))])
X = (X - X.mean(0)) / X.std(0) * [1.52, 97.9, 0.127] + [-2.33, -256.0, -0.275]
X = X[:, rng.permutation(X.shape[1])]

labels = ['bare', 'bearing']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1140]
known, hidden = order[:-480], order[-480:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['irrigation', 'chill', 'blossom'], ["class"]
write(public / "past.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "next.csv", columns, [rows[i] for i in hidden])
answers = [[int(truth[i][0] == labels[1])] for i in hidden]
write(private / "labels.csv", ['score'], answers)
