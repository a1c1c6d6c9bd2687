"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(29202737719930083800789388800629608268)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(-1, 1, size=(1020, 3))
y = X @ rng.normal(size=3) * 0.2
for _ in range(8):
    far = ((X - rng.uniform(-1, 1, size=3)) ** 2).sum(1)
    y = y + rng.choice([-1, 1]) * rng.uniform(1, 2) * np.exp(-far / 0.1)

n = len(y)
y = y + rng.normal(size=n) * 0.3 * y.std()
X = (X - X.mean(0)) / X.std(0) * [652.0, 6.82, 9.09] + [1330.0, -8.71, 11.2]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 5.99 + 149.8
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1020]
known, hidden = order[:-500], order[-500:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['award', 'cover', 'weight_g'], ["loans"]
write(public / "train.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "test.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['loans'], answers)
