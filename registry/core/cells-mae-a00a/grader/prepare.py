"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(309509827142606941696472870795442945193)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with open(Path(os.environ["SOURCE"]) / "breast_cancer.csv", newline="") as file:
    table = np.array(list(csv.reader(file))[1:], dtype=float)
X, y = table[:, [2, 4, 5, 9, 13, 22]], np.log(table[:, 10] + 1e-3)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.02 * X.std(0)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [0.696, 1160.0, 0.422, 0.0977, 0.382, 11.5, 0.391, 0.112] + [0.00604, -2700.0, -0.358, 0.113, -0.989, -8.99, -1.16, 0.315]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 1.0 + 255.5
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:569]
known, hidden = order[:-240], order[-240:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['m2', 'm7', 'm14', 'm22', 'm23', 'm24', 'm27', 'm37'], ["level"]
write(public / "train.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "test.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['level'], answers)
