"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(225050654420022589066006585060203411027)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with gzip.open(Path(os.environ["SOURCE"]) / "digits.csv.gz", "rt") as file:
    table = np.array(list(csv.reader(file)), dtype=float)
pixels, digit = table[:, :64], table[:, 64].astype(int)
chosen = np.isin(digit, [3, 5, 6] + [4, 8, 9])
pixels, digit = pixels[chosen], digit[chosen]
y = np.isin(digit, [3, 5, 6]).astype(int)
X = pixels.reshape(-1, 8, 8)
X = np.hstack([X.sum(1), X.sum(2)])

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [0.767, 2.76, 0.0578, 3.49, 5.35, 0.0423, 22.4, 1.08, 0.148, 977.0, 0.387, 2.83, 1.56, 1.21, 0.0891, 1.3] + [1.06, -5.1, -0.0694, -5.19, 1.33, -0.0982, 51.8, -3.18, 0.21, 1710.0, 0.135, -1.09, 4.02, 2.33, 0.224, -1.7]
X = X[:, rng.permutation(X.shape[1])]

labels = ['inside', 'outside']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1785]
known, hidden = order[:-360], order[-360:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['f01', 'f02', 'f04', 'f09', 'f10', 'f14', 'f15', 'f18', 'f22', 'f23', 'f24', 'f30', 'f33', 'f34', 'f35', 'f37'], ["class"]
write(public / "labelled.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['class'], answers)
