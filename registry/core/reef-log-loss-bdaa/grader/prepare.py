"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(202210455047461907866299877376471726672)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1260, 7))
y = X @ rng.normal(size=7) * 0.5
for _ in range(7):
    i, j = rng.integers(7, size=2)
    y = y + rng.choice([-1, 1]) * rng.uniform(0.5, 1.5) * X[:, i] * X[:, j]

n = len(y)
y = y + rng.normal(size=n) * 0.05 * y.std()
y = np.searchsorted(np.quantile(y, [0.5]), y)
X = np.hstack([X, rng.normal(size=(n, 1))])
X = (X - X.mean(0)) / X.std(0) * [15.0, 2.61, 1.37, 0.0466, 1.18, 1130.0, 0.0462, 0.0522] + [-41.1, -4.57, -1.2, 0.033, 0.00836, -1010.0, 0.0759, -0.0547]
X = X[:, rng.permutation(X.shape[1])]

labels = ['bleached', 'healthy']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1260]
known, hidden = order[:-540], order[-540:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['nitrate', 'cyclones', 'algae', 'current', 'warmth', 'shade', 'light', 'urchins'], ["label"]
write(public / "labelled.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [[int(label == truth[i][0]) for label in labels] for i in hidden]
write(private / "labels.csv", ['p_bleached', 'p_healthy'], answers)
