"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(259136260610647696991310081206935447920)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(size=(880, 5))
y = np.zeros(880)
for _ in range(12):
    pair, cut = rng.integers(5, size=2), rng.uniform(0.25, 0.75, size=2)
    y = y + rng.normal(size=4)[(X[:, pair] > cut) @ [2, 1]]

n = len(y)
y = y + rng.normal(size=n) * 0.1 * y.std()
y = np.searchsorted(np.quantile(y, [0.5]), y)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [0.928, 1930.0, 0.5, 6.22, 26.8, 0.591, 0.566] + [-0.92, 5680.0, -0.374, -4.73, 55.5, -0.221, 0.17]
X = X[:, rng.permutation(X.shape[1])]

labels = ['dry', 'wet']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:880]
known, hidden = order[:-440], order[-440:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['grain', 'crust', 'worms', 'lime', 'moisture', 'slope', 'carbon'], ["class"]
write(public / "known.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [[int(label == truth[i][0]) for label in labels] for i in hidden]
write(private / "labels.csv", ['p_dry', 'p_wet'], answers)
