"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(268120548540523191869163771529986259305)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with open(Path(os.environ["SOURCE"]) / "breast_cancer.csv", newline="") as file:
    table = np.array(list(csv.reader(file))[1:], dtype=float)
X, y = table[:, [4, 9, 14, 15, 18, 21, 22, 24, 28]], 1 - table[:, 30].astype(int)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [753.0, 5.68, 0.742, 3.53, 0.0483, 1.7, 0.745, 19.7, 0.0568] + [-1800.0, -3.44, -0.298, 10.6, 0.0129, 2.83, -2.06, 29.7, 0.125]
X = X[:, rng.permutation(X.shape[1])]

labels = ['benign', 'malignant']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:565]
known, hidden = order[:-250], order[-250:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['col_1', 'col_2', 'col_4', 'col_5', 'col_8', 'col_13', 'col_16', 'col_27', 'col_33'], ["finding"]
write(public / "labelled.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['finding'], answers)
