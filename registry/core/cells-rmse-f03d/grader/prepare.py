"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(221691945207228502598436122112325770999)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with open(Path(os.environ["SOURCE"]) / "breast_cancer.csv", newline="") as file:
    table = np.array(list(csv.reader(file))[1:], dtype=float)
X, y = table[:, [3, 5, 7, 9, 15, 16, 23, 24, 28, 29]], np.log(table[:, 10] + 1e-3)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [2.66, 0.511, 1290.0, 7.88, 7.62, 0.166, 0.0668, 0.211, 0.337, 0.32, 0.178, 23.7] + [-0.722, -1.35, 2780.0, -7.12, -21.7, -0.207, 0.00249, 0.408, -0.187, 0.452, -0.256, 38.6]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 0.948 + 83.2
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:559]
known, hidden = order[:-260], order[-260:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['col_1', 'col_11', 'col_12', 'col_18', 'col_19', 'col_23', 'col_24', 'col_25', 'col_26', 'col_34', 'col_36', 'col_37'], ["quantity"]
write(public / "labelled.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['quantity'], answers)
