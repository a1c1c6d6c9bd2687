"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(188309530529914745868138357223203636929)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with open(Path(os.environ["SOURCE"]) / "breast_cancer.csv", newline="") as file:
    table = np.array(list(csv.reader(file))[1:], dtype=float)
X, y = table[:, [7, 8, 9, 10, 13, 14, 17, 18, 19, 20, 25]], np.log(table[:, 6] + 1e-3)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [8.29, 0.0472, 3.72, 5.06, 0.0664, 0.326, 1020.0, 1.65, 2.21, 13.2, 3.88] + [-6.87, -0.00843, -8.77, -11.2, 0.135, -0.27, -1690.0, -0.513, -1.1, 25.6, -6.72]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 1.07 + 192.0
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:563]
known, hidden = order[:-250], order[-250:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['f06', 'f20', 'f22', 'f24', 'f25', 'f28', 'f30', 'f32', 'f34', 'f35', 'f37'], ["level"]
write(public / "labelled.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['level'], answers)
