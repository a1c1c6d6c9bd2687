"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(241830295835746156411025933109767698170)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with open(Path(os.environ["SOURCE"]) / "breast_cancer.csv", newline="") as file:
    table = np.array(list(csv.reader(file))[1:], dtype=float)
X, y = table[:, [1, 10, 19, 23, 24, 25, 29]], 1 - table[:, 30].astype(int)

n = len(y)
wrong = np.flatnonzero(rng.random(n) < 0.05)
y[wrong] = rng.integers(2, size=len(wrong))
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [0.531, 2.56, 0.194, 0.099, 12.0, 2.41, 21.7, 0.236, 997.0] + [-1.34, -2.06, -0.481, -0.115, 13.1, 6.91, -60.2, 0.489, 406.0]
X = X[:, rng.permutation(X.shape[1])]

labels = ['clear', 'suspect']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:552]
known, hidden = order[:-250], order[-250:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['reading_7', 'reading_14', 'reading_17', 'reading_20', 'reading_23', 'reading_25', 'reading_27', 'reading_29', 'reading_32'], ["finding"]
write(public / "fit.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "score.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['finding'], answers)
