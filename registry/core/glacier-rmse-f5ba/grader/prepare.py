"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(212534878375873186057909026214949718690)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1120, 4))
y = X @ rng.normal(size=4) * 1.0
for _ in range(8):
    i, j = rng.integers(4, size=2)
    y = y + rng.choice([-1, 1]) * rng.uniform(0.5, 1.5) * X[:, i] * X[:, j]

n = len(y)
y = y + rng.normal(size=n) * 0.05 * y.std()
X = (X - X.mean(0)) / X.std(0) * [14.9, 763.0, 2.54, 0.0441] + [40.8, 1150.0, -6.8, -0.119]
X = X[:, rng.permutation(X.shape[1])]
X[rng.random(X.shape) < 0.05] = np.nan

y = (y - y.mean()) / y.std() * 76.0 + 57.0
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1120]
known, hidden = order[:-460], order[-460:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['aspect', 'wind', 'sunshine', 'rainfall'], ["melt_cm"]
write(public / "fit.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "score.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['melt_cm'], answers)
