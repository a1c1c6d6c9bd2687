"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(294352792605557274561656433161022105942)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with open(Path(os.environ["SOURCE"]) / "breast_cancer.csv", newline="") as file:
    table = np.array(list(csv.reader(file))[1:], dtype=float)
X, y = table[:, [3, 7, 8, 10, 13, 14, 17, 24]], np.log(table[:, 26] + 1e-3)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [0.328, 2.48, 0.212, 1460.0, 0.106, 0.213, 21.3, 0.353] + [0.736, 0.339, -0.503, -159.0, 0.245, -0.038, -13.5, 0.389]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 10.6 + -36.5
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:562]
known, hidden = order[:-260], order[-260:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['col_2', 'col_3', 'col_10', 'col_17', 'col_25', 'col_31', 'col_32', 'col_39'], ["measure"]
write(public / "train.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "test.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['measure'], answers)
