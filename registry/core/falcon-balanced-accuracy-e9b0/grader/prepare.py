"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(328116132259012627230943206431828441352)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

y = rng.integers(2, size=1620)
t = rng.uniform(0.5, 2.0, size=1620)
angle = 2 * np.pi * (t + y / 2)
X = np.stack([t * np.cos(angle), t * np.sin(angle)], 1) + rng.normal(size=(1620, 2)) * 0.05

n = len(y)
X = (X - X.mean(0)) / X.std(0) * [0.083, 221.0] + [0.0514, 468.0]
X = X[:, rng.permutation(X.shape[1])]

labels = ['abandoned', 'occupied']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1620]
known, hidden = order[:-700], order[-700:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['lead_ppm', 'rivals'], ["kind"]
write(public / "train.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "test.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['kind'], answers)
