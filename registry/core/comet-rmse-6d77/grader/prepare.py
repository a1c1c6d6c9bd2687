"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(132672816247491986242279553871552516936)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(-1, 1, size=(1120, 4))
y = X @ rng.normal(size=4) * 0.3
for j in range(4):
    y = y + rng.uniform(0.7, 1.5) * np.sin(rng.uniform(2, 5) * X[:, j] + rng.uniform(0, 6))

n = len(y)
y = y + rng.normal(size=n) * 0.05 * y.std()
X = (X - X.mean(0)) / X.std(0) * [7.87, 981.0, 5.6, 1.02] + [-20.5, 2880.0, 15.3, 0.279]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 52.7 + 66.8
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1120]
known, hidden = order[:-580], order[-580:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['tail', 'tilt', 'dust_rate', 'distance'], ["magnitude"]
write(public / "labelled.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['magnitude'], answers)
