"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(35464296940672361882434783226687421338)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with open(Path(os.environ["SOURCE"]) / "breast_cancer.csv", newline="") as file:
    table = np.array(list(csv.reader(file))[1:], dtype=float)
X, y = table[:, [4, 10, 22, 27, 28, 29]], np.log(table[:, 5] + 1e-3)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [2.04, 13.3, 0.154, 0.0406, 0.0799, 0.201, 882.0, 6.92] + [-4.65, -14.3, 0.281, -0.0447, 0.238, -0.0749, -709.0, -1.65]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 1.03 + 134.8
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:556]
known, hidden = order[:-240], order[-240:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['f02', 'f04', 'f13', 'f21', 'f23', 'f30', 'f32', 'f33'], ["quantity"]
write(public / "train.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "test.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['quantity'], answers)
