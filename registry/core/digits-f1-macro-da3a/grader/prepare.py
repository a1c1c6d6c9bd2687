"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(267850936977457908958955563754531621227)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with gzip.open(Path(os.environ["SOURCE"]) / "digits.csv.gz", "rt") as file:
    table = np.array(list(csv.reader(file)), dtype=float)
pixels, digit = table[:, :64], table[:, 64].astype(int)
y = np.isin(digit, [1, 3, 5, 7, 9]).astype(int)
X = pixels @ rng.normal(size=(64, 16))

n = len(y)
X = X + rng.normal(size=X.shape) * 0.02 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [0.117, 0.0824, 0.0691, 1.54, 0.495, 0.501, 1330.0, 0.328, 4.42, 0.369, 2.06, 0.624, 11.1, 0.122, 0.0402, 0.148] + [-0.0798, -0.191, -0.00108, -2.35, 0.599, 1.13, 401.0, -0.265, 12.7, 0.397, -4.5, -0.767, -12.3, -0.151, -0.0514, -0.0979]
X = X[:, rng.permutation(X.shape[1])]

labels = ['inside', 'outside']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1794]
known, hidden = order[:-740], order[-740:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['f04', 'f06', 'f07', 'f08', 'f09', 'f13', 'f14', 'f20', 'f22', 'f26', 'f27', 'f28', 'f30', 'f31', 'f32', 'f34'], ["class"]
write(public / "labelled.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['class'], answers)
