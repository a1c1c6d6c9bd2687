"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(226179884764512273994627114368180581758)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with open(Path(os.environ["SOURCE"]) / "breast_cancer.csv", newline="") as file:
    table = np.array(list(csv.reader(file))[1:], dtype=float)
X, y = table[:, [0, 1, 5, 6, 7, 8, 10, 18, 24, 28]], np.log(table[:, 13] + 1e-3)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [1.39, 0.216, 25.7, 0.409, 0.648, 1.52, 1.86, 0.119, 0.253, 1360.0] + [1.25, -0.0657, -4.21, -0.896, 1.36, -3.29, -1.99, -0.0159, 0.0915, 3320.0]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 1.19 + 179.7
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:563]
known, hidden = order[:-280], order[-280:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['m2', 'm3', 'm5', 'm7', 'm8', 'm10', 'm12', 'm16', 'm27', 'm34'], ["level"]
write(public / "fit.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "score.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['level'], answers)
