"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(98996049862780249109042108023313335385)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with open(Path(os.environ["SOURCE"]) / "breast_cancer.csv", newline="") as file:
    table = np.array(list(csv.reader(file))[1:], dtype=float)
X, y = table[:, [3, 7, 8, 9, 10, 19, 23, 24, 28]], np.log(table[:, 6] + 1e-3)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [2310.0, 0.0553, 14.9, 0.11, 0.0556, 0.3, 1.47, 0.506, 0.0376] + [2640.0, 0.084, 20.1, 0.305, -0.114, -0.759, 1.74, 1.3, 0.103]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 40.2 + 123.6
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:559]
known, hidden = order[:-280], order[-280:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['f03', 'f04', 'f05', 'f10', 'f12', 'f26', 'f30', 'f31', 'f39'], ["level"]
write(public / "fit.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "score.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['level'], answers)
