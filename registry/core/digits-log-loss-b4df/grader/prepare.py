"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(233105282313006653331687601391917899493)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with gzip.open(Path(os.environ["SOURCE"]) / "digits.csv.gz", "rt") as file:
    table = np.array(list(csv.reader(file)), dtype=float)
pixels, digit = table[:, :64], table[:, 64].astype(int)
y = np.isin(digit, [1, 3, 5, 7, 9]).astype(int)
X = pixels @ rng.normal(size=(64, 22))

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [0.545, 0.0495, 0.166, 13.7, 0.101, 19.4, 0.0444, 0.338, 1.07, 0.788, 0.367, 0.0509, 0.588, 0.0999, 0.765, 0.0468, 1.86, 16.8, 0.604, 8.98, 26.3, 1340.0] + [1.33, 0.0116, 0.386, 1.37, 0.0751, 22.9, 0.0941, 0.792, -0.653, -1.32, -1.1, -0.0983, 0.634, 0.107, 1.17, -0.0068, -5.12, 5.48, -1.07, -15.5, -6.92, 215.0]
X = X[:, rng.permutation(X.shape[1])]

labels = ['left', 'right']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1789]
known, hidden = order[:-520], order[-520:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['col_1', 'col_4', 'col_6', 'col_7', 'col_9', 'col_12', 'col_13', 'col_18', 'col_21', 'col_23', 'col_26', 'col_27', 'col_28', 'col_30', 'col_31', 'col_34', 'col_35', 'col_36', 'col_37', 'col_38', 'col_41', 'col_43'], ["class"]
write(public / "known.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [[int(label == truth[i][0]) for label in labels] for i in hidden]
write(private / "labels.csv", ['p_left', 'p_right'], answers)
