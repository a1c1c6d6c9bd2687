"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(83046840997641055211827114328396678198)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with gzip.open(Path(os.environ["SOURCE"]) / "digits.csv.gz", "rt") as file:
    table = np.array(list(csv.reader(file)), dtype=float)
pixels, digit = table[:, :64], table[:, 64].astype(int)
y = np.isin(digit, [0, 1, 2, 7]).astype(int)
X = pixels @ rng.normal(size=(64, 15))

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [0.979, 0.0641, 0.331, 13.4, 0.0496, 0.712, 0.148, 0.203, 0.075, 950.0, 0.101, 9.42, 11.2, 1.65, 3.62] + [0.869, 0.16, -0.0294, -17.2, -0.0596, -1.85, -0.0199, -0.532, -0.118, 534.0, -0.236, 14.3, -26.9, -1.42, 8.17]
X = X[:, rng.permutation(X.shape[1])]

labels = ['inside', 'outside']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1789]
known, hidden = order[:-740], order[-740:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['reading_3', 'reading_4', 'reading_6', 'reading_7', 'reading_9', 'reading_18', 'reading_19', 'reading_22', 'reading_23', 'reading_25', 'reading_29', 'reading_31', 'reading_32', 'reading_34', 'reading_39'], ["kind"]
write(public / "known.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [[int(label == truth[i][0]) for label in labels] for i in hidden]
write(private / "labels.csv", ['p_inside', 'p_outside'], answers)
