"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(212727)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with gzip.open(Path(os.environ["SOURCE"]) / "digits.csv.gz", "rt") as file:
    table = np.array(list(csv.reader(file)), dtype=float)
pixels, digit = table[:, :64], table[:, 64].astype(int)
X = pixels.reshape(-1, 4, 2, 4, 2).mean((2, 4)).reshape(-1, 16)
y, X = X[:, 6], np.delete(X, 6, 1)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [0.0569, 0.365, 520.0, 2.48, 0.0945, 4.82, 0.105, 3.69, 2.4, 0.0856, 0.737, 10.4, 5.47, 2.3, 0.128] + [0.13, -1.01, 1230.0, -7.37, 0.219, 6.96, 0.0413, -5.55, 0.611, -0.0508, -0.517, 13.1, 16.2, -6.22, -0.157]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 0.757 + 13.8
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1782]
known, hidden = order[:-560], order[-560:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['col_1', 'col_2', 'col_5', 'col_7', 'col_8', 'col_15', 'col_17', 'col_18', 'col_20', 'col_22', 'col_26', 'col_29', 'col_30', 'col_31', 'col_37'], ["ink"]
write(public / "labelled.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['ink'], answers)
