"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(199634932802336361748960234822846233918)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(size=(1220, 5))
a, b, c, d = rng.uniform(5, 12, size=4)
y = a * np.sin(np.pi * X[:, 0] * X[:, 1]) + 2 * b * (X[:, 2] - 0.5) ** 2 + c * X[:, 3] + d / 2 * X[:, 4]

n = len(y)
y = y + rng.normal(size=n) * 0.05 * y.std()
X = np.hstack([X, rng.normal(size=(n, 3))])
X = (X - X.mean(0)) / X.std(0) * [12.5, 0.5, 2020.0, 1.87, 0.0875, 0.0885, 0.592, 0.312] + [-9.11, -0.587, 2760.0, 2.83, -0.114, 0.22, -1.32, 0.848]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 0.379 + -42.7
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1220]
known, hidden = order[:-580], order[-580:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['print_size', 'sequels', 'copies', 'cover', 'award', 'genre_code', 'reviews', 'pages'], ["loans"]
write(public / "past.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "next.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['loans'], answers)
