"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(50066544093366939920375649839955218191)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(size=(1460, 6))
y = np.zeros(1460)
for _ in range(11):
    pair, cut = rng.integers(6, size=2), rng.uniform(0.25, 0.75, size=2)
    y = y + rng.normal(size=4)[(X[:, pair] > cut) @ [2, 1]]

n = len(y)
y = y + rng.normal(size=n) * 0.2 * y.std()
X = (X - X.mean(0)) / X.std(0) * [468.0, 1.5, 0.756, 1.7, 4.62, 0.963] + [-470.0, -2.8, 1.29, 1.49, 7.69, -0.775]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 10.3 + -40.2
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1460]
known, hidden = order[:-580], order[-580:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['silt', 'yaw', 'blade_pitch', 'current', 'wear', 'wave_height'], ["output_kw"]
write(public / "known.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['output_kw'], answers)
