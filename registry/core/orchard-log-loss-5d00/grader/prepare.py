"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(320101599574412375843359337165303065044)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

y = rng.integers(2, size=1320)
t = rng.uniform(0.5, 1.5, size=1320)
angle = 2 * np.pi * (t + y / 2)
X = np.stack([t * np.cos(angle), t * np.sin(angle)], 1) + rng.normal(size=(1320, 2)) * 0.05

n = len(y)
X = (X - X.mean(0)) / X.std(0) * [0.123, 69.7] + [-0.275, 96.7]
X = X[:, rng.permutation(X.shape[1])]

labels = ['bare', 'bearing']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1320]
known, hidden = order[:-600], order[-600:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['rootstock', 'canopy'], ["state"]
write(public / "past.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "next.csv", columns, [rows[i] for i in hidden])
answers = [[int(label == truth[i][0]) for label in labels] for i in hidden]
write(private / "labels.csv", ['p_bare', 'p_bearing'], answers)
