"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(6595668730813483367466484752615014719)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(-1, 1, size=(1160, 4))
y = X @ rng.normal(size=4) * 0.3
for j in range(4):
    y = y + rng.uniform(0.7, 1.5) * np.sin(rng.uniform(2, 7) * X[:, j] + rng.uniform(0, 6))

n = len(y)
y = y + rng.normal(size=n) * 0.2 * y.std()
X = (X - X.mean(0)) / X.std(0) * [0.166, 621.0, 14.9, 3.66] + [0.23, 727.0, -14.3, -7.95]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 0.39 + 161.3
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1160]
known, hidden = order[:-480], order[-480:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['speed', 'brake', 'meetings', 'lobby'], ["wait_s"]
write(public / "known.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['wait_s'], answers)
