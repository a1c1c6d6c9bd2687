"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(184961811345657776547338785839531231900)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1400, 7))
y = X @ rng.normal(size=7) * 0.5
for _ in range(8):
    i, j = rng.integers(7, size=2)
    y = y + rng.choice([-1, 1]) * rng.uniform(0.5, 1.5) * X[:, i] * X[:, j]

n = len(y)
y = y + rng.normal(size=n) * 0.3 * y.std()
y = np.searchsorted(np.quantile(y, [0.5]), y)
X = (X - X.mean(0)) / X.std(0) * [2.13, 1.25, 0.0467, 13.6, 1590.0, 22.1, 13.7] + [3.61, -3.61, -0.0527, -35.4, 1800.0, 44.8, 7.49]
X = X[:, rng.permutation(X.shape[1])]
X[rng.random(X.shape) < 0.1] = np.nan

labels = ['good', 'worn']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1400]
known, hidden = order[:-440], order[-440:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['sag', 'charge_rate', 'resistance', 'cycles', 'voltage', 'coating', 'swelling'], ["status"]
write(public / "train.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "test.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['status'], answers)
