"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(297271920033137166374046928472210882700)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with open(Path(os.environ["SOURCE"]) / "breast_cancer.csv", newline="") as file:
    table = np.array(list(csv.reader(file))[1:], dtype=float)
X, y = table[:, [3, 5, 10, 20, 25, 29]], np.log(table[:, 7] + 1e-3)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.02 * X.std(0)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [25.0, 0.857, 0.256, 0.757, 0.303, 0.269, 0.432, 1710.0] + [-11.0, 0.807, -0.0483, 0.111, -0.103, 0.0797, 0.712, -3650.0]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 49.9 + 278.9
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:567]
known, hidden = order[:-280], order[-280:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['m4', 'm8', 'm13', 'm18', 'm19', 'm21', 'm33', 'm36'], ["measure"]
write(public / "labelled.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['measure'], answers)
