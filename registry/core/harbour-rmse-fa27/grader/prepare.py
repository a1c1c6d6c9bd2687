"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(277613881526145503964598396374022552587)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(size=(1340, 5))
y = np.zeros(1340)
for _ in range(8):
    pair, cut = rng.integers(5, size=2), rng.uniform(0.25, 0.75, size=2)
    y = y + rng.normal(size=4)[(X[:, pair] > cut) @ [2, 1]]

n = len(y)
y = y + rng.normal(size=n) * 0.3 * y.std()
X = (X - X.mean(0)) / X.std(0) * [1440.0, 2.01, 0.0445, 7.13, 14.8] + [-237.0, -3.79, -0.000177, 20.9, -27.4]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 94.5 + 110.9
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1340]
known, hidden = order[:-560], order[-560:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['queue', 'tonnage', 'fuel', 'swell', 'draught'], ["delay_h"]
write(public / "labelled.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['delay_h'], answers)
