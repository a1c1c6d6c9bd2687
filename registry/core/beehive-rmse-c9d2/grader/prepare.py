"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(258730006562721158512319915304615027323)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1200, 6))
y = X @ rng.normal(size=6) * 1.0
for _ in range(6):
    i, j = rng.integers(6, size=2)
    y = y + rng.choice([-1, 1]) * rng.uniform(0.5, 1.5) * X[:, i] * X[:, j]

n = len(y)
y = y + rng.normal(size=n) * 0.2 * y.std()
X = (X - X.mean(0)) / X.std(0) * [21.7, 8.75, 2.75, 0.0441, 1550.0, 2.16] + [-22.7, -4.42, -8.12, -0.0553, -2340.0, -3.53]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 0.873 + 65.5
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1200]
known, hidden = order[:-400], order[-400:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['rain', 'frames', 'pollen', 'mites', 'nectar', 'queen_age'], ["honey_kg"]
write(public / "labelled.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['honey_kg'], answers)
