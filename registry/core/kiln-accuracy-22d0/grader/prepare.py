"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(229498782165477145760020263544487465236)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(size=(1380, 5))
a, b, c, d = rng.uniform(5, 12, size=4)
y = a * np.sin(np.pi * X[:, 0] * X[:, 1]) + 2 * b * (X[:, 2] - 0.5) ** 2 + c * X[:, 3] + d / 2 * X[:, 4]

n = len(y)
y = y + rng.normal(size=n) * 0.2 * y.std()
y = np.searchsorted(np.quantile(y, [0.5]), y)
X = np.hstack([X, rng.normal(size=(n, 1))])
X = (X - X.mean(0)) / X.std(0) * [0.128, 2.71, 717.0, 17.0, 0.542, 3.31] + [0.254, 8.0, -255.0, -45.9, -0.588, -0.0731]
X = X[:, rng.permutation(X.shape[1])]

labels = ['glossy', 'matt']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1380]
known, hidden = order[:-620], order[-620:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['burner', 'press', 'grog', 'ramp', 'draught', 'soak'], ["state"]
write(public / "past.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "next.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['state'], answers)
