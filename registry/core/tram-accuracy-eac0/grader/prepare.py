"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(148588741768037647896701444375131746522)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(size=(1040, 2))
y = np.floor(X * 3).sum(1).astype(int) % 2
X = X + rng.normal(size=X.shape) * 0.02

n = len(y)
wrong = np.flatnonzero(rng.random(n) < 0.08)
y[wrong] = rng.integers(2, size=len(wrong))
X = (X - X.mean(0)) / X.std(0) * [180.0, 0.895] + [-475.0, -0.333]
X = X[:, rng.permutation(X.shape[1])]

labels = ['crowded', 'free']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1040]
known, hidden = order[:-540], order[-540:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['pantograph', 'gradient'], ["status"]
write(public / "seen.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unseen.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['status'], answers)
