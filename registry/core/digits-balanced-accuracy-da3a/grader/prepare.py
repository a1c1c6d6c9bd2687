"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(412384)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with gzip.open(Path(os.environ["SOURCE"]) / "digits.csv.gz", "rt") as file:
    table = np.array(list(csv.reader(file)), dtype=float)
pixels, digit = table[:, :64], table[:, 64].astype(int)
y = np.isin(digit, [1, 3, 5, 7, 9]).astype(int)
X = pixels @ rng.normal(size=(64, 16))

n = len(y)
X = X + rng.normal(size=X.shape) * 0.02 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [0.199, 0.156, 0.0851, 0.0324, 0.13, 5.69, 3.26, 15.2, 3.24, 0.0373, 0.102, 7.48, 1350.0, 14.2, 0.276, 5.89] + [-0.366, -0.381, 0.135, 0.00117, 0.162, -14.9, 7.99, 32.6, -0.942, -0.0658, 0.0886, 14.4, -1400.0, -17.6, -0.0338, -14.8]
X = X[:, rng.permutation(X.shape[1])]

labels = ['inside', 'outside']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1794]
known, hidden = order[:-740], order[-740:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['col_4', 'col_6', 'col_11', 'col_13', 'col_14', 'col_18', 'col_20', 'col_22', 'col_23', 'col_26', 'col_27', 'col_28', 'col_30', 'col_31', 'col_32', 'col_36'], ["class"]
write(public / "fit.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "score.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['class'], answers)
