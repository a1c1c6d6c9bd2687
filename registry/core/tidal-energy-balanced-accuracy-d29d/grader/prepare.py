"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(253785728697023278433511827979968083679)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1360, 2))
far = np.sqrt((X ** 2).sum(1))
y = np.searchsorted(np.quantile(far, [0.333, 0.667]), far)
X = X * (1 + rng.normal(size=(1360, 1)) * 0.08)

n = len(y)
X = np.hstack([X, rng.normal(size=(n, 1))])
X = (X - X.mean(0)) / X.std(0) * [0.0602, 21.9, 1070.0] + [-0.0195, 6.31, 1330.0]
X = X[:, rng.permutation(X.shape[1])]

labels = ['high', 'low', 'medium']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1360]
known, hidden = order[:-660], order[-660:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['wave_height', 'current', 'torque'], ["status"]
write(public / "labelled.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['status'], answers)
