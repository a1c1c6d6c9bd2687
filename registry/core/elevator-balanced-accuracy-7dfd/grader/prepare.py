"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(308693261772878101640456223807142481378)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

y = rng.integers(2, size=920)
centres = rng.normal(size=(2, 3, 5)) * 1.32
X = centres[y, rng.integers(3, size=920)] + rng.normal(size=(920, 5))

n = len(y)
wrong = np.flatnonzero(rng.random(n) < 0.08)
y[wrong] = rng.integers(2, size=len(wrong))
X = (X - X.mean(0)) / X.std(0) * [0.0607, 0.0893, 1.23, 712.0, 0.0466] + [0.0641, -0.0649, 0.00805, 1750.0, 0.0468]
X = X[:, rng.permutation(X.shape[1])]

labels = ['jam', 'smooth']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:920]
known, hidden = order[:-500], order[-500:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['speed', 'load', 'hour', 'motor_heat', 'meetings'], ["kind"]
write(public / "labelled.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['kind'], answers)
