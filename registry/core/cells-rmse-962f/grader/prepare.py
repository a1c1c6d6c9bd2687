"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(147039142126522003098531348021460969278)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with open(Path(os.environ["SOURCE"]) / "breast_cancer.csv", newline="") as file:
    table = np.array(list(csv.reader(file))[1:], dtype=float)
X, y = table[:, [1, 2, 5, 10, 12, 14, 15, 20, 21, 22, 25, 29]], np.log(table[:, 7] + 1e-3)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.02 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [9.9, 0.526, 1.16, 0.667, 0.0726, 0.375, 786.0, 1.97, 0.633, 8.82, 0.157, 0.587] + [11.6, 0.313, -0.865, 0.0876, 0.0807, 0.777, -1630.0, -1.67, 1.57, 23.1, 0.19, 0.645]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 4.43 + 269.0
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:569]
known, hidden = order[:-280], order[-280:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['reading_11', 'reading_13', 'reading_15', 'reading_19', 'reading_20', 'reading_25', 'reading_27', 'reading_31', 'reading_33', 'reading_34', 'reading_35', 'reading_37'], ["measure"]
write(public / "labelled.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['measure'], answers)
