"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(104067266332483754156642655753531334443)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

y = rng.integers(2, size=1200)
t = rng.uniform(0.5, 1.5, size=1200)
angle = 2 * np.pi * (t + y / 2)
X = np.stack([t * np.cos(angle), t * np.sin(angle)], 1) + rng.normal(size=(1200, 2)) * 0.05

n = len(y)
X = (X - X.mean(0)) / X.std(0) * [789.0, 12.4] + [-1640.0, 12.5]
X = X[:, rng.permutation(X.shape[1])]

labels = ['chipped', 'whole']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1200]
known, hidden = order[:-400], order[-400:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['stacking', 'draught'], ["label"]
write(public / "train.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "test.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['label'], answers)
