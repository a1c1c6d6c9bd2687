"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(310869631015585781519382973660299254977)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

y = rng.integers(2, size=1260)
t = rng.uniform(0.5, 1.5, size=1260)
angle = 2 * np.pi * (t + y / 2)
X = np.stack([t * np.cos(angle), t * np.sin(angle)], 1) + rng.normal(size=(1260, 2)) * 0.05

n = len(y)
wrong = np.flatnonzero(rng.random(n) < 0.08)
y[wrong] = rng.integers(2, size=len(wrong))
X = (X - X.mean(0)) / X.std(0) * [495.0, 0.124] + [-938.0, 0.161]
X = X[:, rng.permutation(X.shape[1])]

labels = ['crowded', 'free']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1260]
known, hidden = order[:-680], order[-680:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['dwell', 'wheel_wear'], ["class"]
write(public / "seen.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unseen.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['class'], answers)
