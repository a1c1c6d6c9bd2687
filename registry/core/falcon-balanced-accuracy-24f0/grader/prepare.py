"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(74396)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(size=(1620, 5))
a, b, c, d = rng.uniform(5, 12, size=4)
y = a * np.sin(np.pi * X[:, 0] * X[:, 1]) + 2 * b * (X[:, 2] - 0.5) ** 2 + c * X[:, 3] + d / 2 * X[:, 4]

n = len(y)
y = y + rng.normal(size=n) * 0.3 * y.std()
y = np.searchsorted(np.quantile(y, [0.5]), y)
X = (X - X.mean(0)) / X.std(0) * [1.13, 0.278, 4.51, 0.118, 454.0] + [0.232, 0.73, 12.6, 0.3, -625.0]
X = X[:, rng.permutation(X.shape[1])]

labels = ['early', 'late']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1620]
known, hidden = order[:-640], order[-640:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['rainfall', 'disturbance', 'latitude', 'cliff', 'eggs'], ["status"]
write(public / "seen.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "unseen.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['status'], answers)
