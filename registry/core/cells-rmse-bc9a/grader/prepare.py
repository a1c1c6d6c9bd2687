"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(8763930359415451985510318483252867996)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with open(Path(os.environ["SOURCE"]) / "breast_cancer.csv", newline="") as file:
    table = np.array(list(csv.reader(file))[1:], dtype=float)
X, y = table[:, [11, 12, 13, 14, 18, 21, 22, 24]], np.log(table[:, 5] + 1e-3)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [0.522, 0.323, 1.61, 2.2, 25.1, 10.3, 1770.0, 7.25, 0.603, 3.95] + [-1.37, -0.887, 3.43, 4.46, 53.1, -14.8, 4210.0, -20.6, -0.233, 9.06]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 1.28 + 299.1
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:557]
known, hidden = order[:-250], order[-250:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['reading_1', 'reading_2', 'reading_3', 'reading_4', 'reading_7', 'reading_8', 'reading_21', 'reading_26', 'reading_31', 'reading_39'], ["level"]
write(public / "train.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "test.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['level'], answers)
