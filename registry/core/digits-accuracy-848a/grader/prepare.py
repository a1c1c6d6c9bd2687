"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(174981862440185324213521379259213257160)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with gzip.open(Path(os.environ["SOURCE"]) / "digits.csv.gz", "rt") as file:
    table = np.array(list(csv.reader(file)), dtype=float)
pixels, digit = table[:, :64], table[:, 64].astype(int)
y = digit
X = pixels.reshape(-1, 4, 2, 4, 2).mean((2, 4)).reshape(-1, 16)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [4.54, 5.99, 4.72, 0.401, 0.051, 8.26, 1130.0, 23.6, 0.0983, 23.7, 2.13, 0.109, 4.11, 4.59, 15.8, 15.3, 6.08, 20.5] + [9.29, 16.5, 8.23, 0.301, -0.151, 3.8, -53.4, 21.8, 0.0443, 20.5, 2.07, -0.235, -9.14, -3.27, 4.16, 22.5, -6.89, 51.3]
X = X[:, rng.permutation(X.shape[1])]

labels = ['d0', 'd1', 'd2', 'd3', 'd4', 'd5', 'd6', 'd7', 'd8', 'd9']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1780]
known, hidden = order[:-700], order[-700:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['col_4', 'col_6', 'col_7', 'col_9', 'col_10', 'col_11', 'col_12', 'col_16', 'col_17', 'col_18', 'col_22', 'col_26', 'col_28', 'col_31', 'col_34', 'col_35', 'col_36', 'col_37'], ["sign"]
write(public / "known.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['sign'], answers)
