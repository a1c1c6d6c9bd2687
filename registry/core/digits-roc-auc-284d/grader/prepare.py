"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(243024028833453401767008127395316718257)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with gzip.open(Path(os.environ["SOURCE"]) / "digits.csv.gz", "rt") as file:
    table = np.array(list(csv.reader(file)), dtype=float)
pixels, digit = table[:, :64], table[:, 64].astype(int)
y = np.isin(digit, [1, 4, 5, 9]).astype(int)
X = pixels @ rng.normal(size=(64, 21))

n = len(y)
X = X + rng.normal(size=X.shape) * 0.02 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [0.0421, 1230.0, 0.123, 0.0516, 2.21, 5.85, 1.6, 4.8, 0.115, 11.1, 1.2, 0.245, 0.858, 1.11, 16.8, 26.1, 0.887, 6.16, 1.4, 24.8, 0.0361] + [-0.0379, 1400.0, -0.142, -0.000396, 0.208, -11.2, 4.65, -2.79, 0.173, -19.4, 3.4, -0.381, -0.558, 2.52, -4.89, 44.2, -2.23, -3.94, 1.98, -50.8, 0.0949]
X = X[:, rng.permutation(X.shape[1])]

labels = ['blue', 'red']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1794]
known, hidden = order[:-780], order[-780:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['m1', 'm2', 'm4', 'm7', 'm8', 'm9', 'm10', 'm11', 'm12', 'm14', 'm16', 'm18', 'm21', 'm27', 'm28', 'm31', 'm32', 'm34', 'm35', 'm38', 'm40'], ["kind"]
write(public / "labelled.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [[int(truth[i][0] == labels[1])] for i in hidden]
write(private / "labels.csv", ['p_red'], answers)
