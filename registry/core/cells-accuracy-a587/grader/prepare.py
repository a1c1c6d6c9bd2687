"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(147819829670736039398439795279206769806)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with open(Path(os.environ["SOURCE"]) / "breast_cancer.csv", newline="") as file:
    table = np.array(list(csv.reader(file))[1:], dtype=float)
X, y = table[:, [0, 2, 5, 8, 18, 28, 29]], 1 - table[:, 30].astype(int)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [29.2, 3.37, 5.5, 4.14, 5.01, 6.21, 908.0] + [33.7, -2.46, 8.98, -8.79, -8.77, -18.3, 1850.0]
X = X[:, rng.permutation(X.shape[1])]

labels = ['healthy', 'ill']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:563]
known, hidden = order[:-270], order[-270:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['m3', 'm7', 'm10', 'm11', 'm17', 'm34', 'm39'], ["finding"]
write(public / "known.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['finding'], answers)
