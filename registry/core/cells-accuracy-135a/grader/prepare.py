"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(146728325433185695595446728856192686329)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with open(Path(os.environ["SOURCE"]) / "breast_cancer.csv", newline="") as file:
    table = np.array(list(csv.reader(file))[1:], dtype=float)
X, y = table[:, [1, 8, 13, 15, 19, 21, 24, 26]], 1 - table[:, 30].astype(int)

n = len(y)
wrong = np.flatnonzero(rng.random(n) < 0.05)
y[wrong] = rng.integers(2, size=len(wrong))
X = X + rng.normal(size=X.shape) * 0.02 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [26.6, 0.402, 0.279, 1.91, 2.55, 1240.0, 0.0344, 0.256] + [-9.57, -0.522, -0.763, -5.38, -0.786, -809.0, -0.092, 0.234]
X = X[:, rng.permutation(X.shape[1])]

labels = ['clear', 'suspect']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:564]
known, hidden = order[:-270], order[-270:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['m1', 'm2', 'm3', 'm7', 'm15', 'm16', 'm19', 'm35'], ["finding"]
write(public / "fit.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "score.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['finding'], answers)
