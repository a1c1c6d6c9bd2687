"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(304814388441224766306809602073145972084)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1540, 2))
far = np.sqrt((X ** 2).sum(1))
y = np.searchsorted(np.quantile(far, [0.5]), far)
X = X * (1 + rng.normal(size=(1540, 1)) * 0.08)

n = len(y)
wrong = np.flatnonzero(rng.random(n) < 0.03)
y[wrong] = rng.integers(2, size=len(wrong))
X = (X - X.mean(0)) / X.std(0) * [304.0, 5.58] + [-600.0, -5.65]
X = X[:, rng.permutation(X.shape[1])]

labels = ['keep', 'sell']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1540]
known, hidden = order[:-660], order[-660:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['cellar_heat', 'tannin'], ["status"]
write(public / "labelled.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [[int(label == truth[i][0]) for label in labels] for i in hidden]
write(private / "labels.csv", ['p_keep', 'p_sell'], answers)
