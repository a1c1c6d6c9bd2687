"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(218666768095711678812073169678630092742)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

y = rng.integers(2, size=1280)
t = rng.uniform(0.5, 2.0, size=1280)
angle = 2 * np.pi * (t + y / 2)
X = np.stack([t * np.cos(angle), t * np.sin(angle)], 1) + rng.normal(size=(1280, 2)) * 0.05

n = len(y)
X = (X - X.mean(0)) / X.std(0) * [0.686, 30.2] + [0.0399, 16.5]
X = X[:, rng.permutation(X.shape[1])]

labels = ['dark', 'glowing']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1280]
known, hidden = order[:-640], order[-640:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['kp', 'bz'], ["state"]
write(public / "train.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "test.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['state'], answers)
