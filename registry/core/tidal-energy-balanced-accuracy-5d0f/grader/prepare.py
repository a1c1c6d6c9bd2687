"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(147579604925078951031800065429876236923)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1520, 4))
far = np.sqrt((X ** 2).sum(1))
y = np.searchsorted(np.quantile(far, [0.333, 0.667]), far)
X = X * (1 + rng.normal(size=(1520, 1)) * 0.08)

n = len(y)
X = (X - X.mean(0)) / X.std(0) * [0.337, 0.238, 0.584, 26.7] + [0.555, 0.376, -1.21, 53.5]
X = X[:, rng.permutation(X.shape[1])]

labels = ['high', 'low', 'medium']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1520]
known, hidden = order[:-600], order[-600:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['torque', 'silt', 'blade_pitch', 'current'], ["state"]
write(public / "train.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "test.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['state'], answers)
