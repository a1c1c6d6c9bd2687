"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(272283552318542051100016479378770833026)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(-1, 1, size=(1100, 2))
y = X @ rng.normal(size=2) * 0.3
for j in range(2):
    y = y + rng.uniform(0.7, 1.5) * np.sin(rng.uniform(2, 5) * X[:, j] + rng.uniform(0, 6))

n = len(y)
y = y + rng.normal(size=n) * 0.05 * y.std()
y = np.searchsorted(np.quantile(y, [0.5]), y)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [190.0, 0.799, 0.312, 6.2] + [491.0, 0.817, -0.846, 3.49]
X = X[:, rng.permutation(X.shape[1])]
X[rng.random(X.shape) < 0.1] = np.nan

labels = ['keep', 'sell']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1100]
known, hidden = order[:-580], order[-580:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['oak_age', 'sediment', 'sulphur', 'sugar'], ["status"]
write(public / "labelled.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [[int(truth[i][0] == labels[1])] for i in hidden]
write(private / "labels.csv", ['score'], answers)
