"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(25560252359095391163821532067139688732)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with open(Path(os.environ["SOURCE"]) / "breast_cancer.csv", newline="") as file:
    table = np.array(list(csv.reader(file))[1:], dtype=float)
X, y = table[:, [4, 6, 13, 15, 18, 19, 21, 23, 25]], np.log(table[:, 10] + 1e-3)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [11.3, 0.498, 0.346, 734.0, 0.226, 10.2, 1.05, 0.541, 10.8] + [-14.4, 1.07, 0.739, 61.7, 0.385, -23.7, -2.29, 1.39, -26.4]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 68.7 + 33.7
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:566]
known, hidden = order[:-280], order[-280:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['col_5', 'col_6', 'col_8', 'col_11', 'col_14', 'col_18', 'col_26', 'col_33', 'col_39'], ["quantity"]
write(public / "known.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['quantity'], answers)
