"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(145017690800684232813476043620348052389)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(size=(1140, 6))
y = np.zeros(1140)
for _ in range(7):
    pair, cut = rng.integers(6, size=2), rng.uniform(0.25, 0.75, size=2)
    y = y + rng.normal(size=4)[(X[:, pair] > cut) @ [2, 1]]

n = len(y)
y = y + rng.normal(size=n) * 0.05 * y.std()
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [2.14, 0.0624, 21.9, 2.14, 0.227, 2.13, 1710.0, 7.19] + [-1.17, 0.000869, 60.7, 3.61, 0.211, -4.56, 781.0, 20.5]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 7.02 + 121.5
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1140]
known, hidden = order[:-540], order[-540:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['queue', 'menu_depth', 'scripts', 'agents', 'tickets', 'hold', 'noise_db', 'coffee'], ["handling_min"]
write(public / "train.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "test.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['handling_min'], answers)
