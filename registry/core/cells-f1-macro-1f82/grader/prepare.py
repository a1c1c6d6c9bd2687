"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(145505090415543980097076381228376472095)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with open(Path(os.environ["SOURCE"]) / "breast_cancer.csv", newline="") as file:
    table = np.array(list(csv.reader(file))[1:], dtype=float)
X, y = table[:, [0, 1, 5, 11, 15, 25, 29]], 1 - table[:, 30].astype(int)

n = len(y)
wrong = np.flatnonzero(rng.random(n) < 0.05)
y[wrong] = rng.integers(2, size=len(wrong))
X = X + rng.normal(size=X.shape) * 0.02 * X.std(0)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [3.02, 2.03, 2.64, 27.4, 0.744, 1620.0, 0.0977, 9.79, 0.927] + [-5.73, -2.65, 0.976, 70.1, 1.12, -3500.0, 0.124, -28.6, 2.29]
X = X[:, rng.permutation(X.shape[1])]

labels = ['clear', 'suspect']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:555]
known, hidden = order[:-270], order[-270:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['f13', 'f17', 'f21', 'f22', 'f27', 'f29', 'f30', 'f36', 'f37'], ["finding"]
write(public / "train.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "test.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['finding'], answers)
