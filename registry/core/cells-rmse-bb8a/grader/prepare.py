"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(213942216314480441184534997400483244969)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with open(Path(os.environ["SOURCE"]) / "breast_cancer.csv", newline="") as file:
    table = np.array(list(csv.reader(file))[1:], dtype=float)
X, y = table[:, [3, 4, 8, 10, 15, 17, 21, 22, 23, 24, 29]], np.log(table[:, 26] + 1e-3)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [4.09, 11.5, 1.7, 1100.0, 0.0543, 22.0, 0.137, 0.307, 23.6, 0.205, 2.9, 6.55, 0.0624] + [-7.95, -23.1, -2.12, 3290.0, -0.0702, 6.06, -0.245, 0.00591, -12.7, 0.475, -1.95, 1.27, -0.0326]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 13.1 + 158.8
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:561]
known, hidden = order[:-280], order[-280:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['m1', 'm6', 'm8', 'm15', 'm19', 'm20', 'm24', 'm28', 'm29', 'm30', 'm33', 'm38', 'm39'], ["level"]
write(public / "labelled.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['level'], answers)
