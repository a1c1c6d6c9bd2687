"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(126710816774617163402222495841884168706)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with open(Path(os.environ["SOURCE"]) / "breast_cancer.csv", newline="") as file:
    table = np.array(list(csv.reader(file))[1:], dtype=float)
X, y = table[:, [0, 2, 4, 8, 10, 11, 25, 27]], np.log(table[:, 6] + 1e-3)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.02 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [0.342, 14.0, 1.76, 0.337, 530.0, 0.143, 0.141, 0.065] + [-0.134, 37.3, 2.86, -0.513, 681.0, -0.0371, -0.238, -0.153]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 44.9 + 70.7
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:557]
known, hidden = order[:-280], order[-280:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['reading_12', 'reading_15', 'reading_16', 'reading_19', 'reading_24', 'reading_32', 'reading_34', 'reading_36'], ["measure"]
write(public / "known.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['measure'], answers)
