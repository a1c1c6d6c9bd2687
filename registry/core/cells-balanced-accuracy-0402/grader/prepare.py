"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(73319597941496525889408200986968061784)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with open(Path(os.environ["SOURCE"]) / "breast_cancer.csv", newline="") as file:
    table = np.array(list(csv.reader(file))[1:], dtype=float)
X, y = table[:, [8, 10, 11, 14, 18, 19, 24, 26]], 1 - table[:, 30].astype(int)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [7.21, 0.92, 15.6, 5.59, 2.22, 1940.0, 24.3, 30.4, 0.746, 16.4] + [11.5, 1.73, 43.8, 6.97, -2.9, 2690.0, -9.72, 54.0, -1.39, -24.5]
X = X[:, rng.permutation(X.shape[1])]

labels = ['benign', 'malignant']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:569]
known, hidden = order[:-260], order[-260:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['col_7', 'col_8', 'col_10', 'col_12', 'col_23', 'col_25', 'col_26', 'col_27', 'col_33', 'col_39'], ["finding"]
write(public / "known.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['finding'], answers)
