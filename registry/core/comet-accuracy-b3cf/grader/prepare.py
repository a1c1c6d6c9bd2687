"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(199356239937869467074024295674367779394)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(880, 2))
far = np.sqrt((X ** 2).sum(1))
y = np.searchsorted(np.quantile(far, [0.333, 0.667]), far)
X = X * (1 + rng.normal(size=(880, 1)) * 0.08)

n = len(y)
X = (X - X.mean(0)) / X.std(0) * [15.7, 732.0] + [-35.5, 625.0]
X = X[:, rng.permutation(X.shape[1])]

labels = ['dust', 'gas', 'ice']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:880]
known, hidden = order[:-440], order[-440:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['albedo', 'flux'], ["status"]
write(public / "known.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['status'], answers)
