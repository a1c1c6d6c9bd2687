"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(58219775267299989818161505718855996853)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1020, 7))
y = X @ rng.normal(size=7) * 1.0
for _ in range(7):
    i, j = rng.integers(7, size=2)
    y = y + rng.choice([-1, 1]) * rng.uniform(0.5, 1.5) * X[:, i] * X[:, j]

n = len(y)
y = y + rng.normal(size=n) * 0.1 * y.std()
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [0.0494, 1.28, 0.0603, 0.601, 1310.0, 20.8, 4.08, 12.7, 0.691] + [0.133, 2.92, -0.107, 0.0607, 2970.0, 48.6, 3.46, -15.0, 1.47]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 51.0 + 102.7
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1020]
known, hidden = order[:-560], order[-560:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['tickets', 'queue', 'tenure', 'agents', 'hour', 'coffee', 'noise_db', 'menu_depth', 'hold'], ["handling_min"]
write(public / "fit.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "score.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['handling_min'], answers)
