"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(423776)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with gzip.open(Path(os.environ["SOURCE"]) / "digits.csv.gz", "rt") as file:
    table = np.array(list(csv.reader(file)), dtype=float)
pixels, digit = table[:, :64], table[:, 64].astype(int)
y = digit
X = pixels.reshape(-1, 8, 8)
X = np.hstack([X.sum(1), X.sum(2)])

n = len(y)
X = X + rng.normal(size=X.shape) * 0.02 * X.std(0)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [0.608, 1.3, 5.35, 0.54, 2.22, 0.135, 0.821, 2.2, 0.599, 3.1, 0.0693, 0.0904, 13.4, 0.13, 0.0973, 947.0, 0.139, 0.764] + [-1.52, -3.58, -12.7, 0.00755, -6.51, -0.312, 1.35, 3.31, -0.556, -3.93, 0.109, -0.0592, -29.3, -0.0766, -0.0167, -1860.0, -0.0486, -1.78]
X = X[:, rng.permutation(X.shape[1])]

labels = ['d0', 'd1', 'd2', 'd3', 'd4', 'd5', 'd6', 'd7', 'd8', 'd9']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1785]
known, hidden = order[:-600], order[-600:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['col_2', 'col_3', 'col_5', 'col_6', 'col_8', 'col_10', 'col_14', 'col_15', 'col_16', 'col_19', 'col_21', 'col_22', 'col_24', 'col_27', 'col_28', 'col_29', 'col_31', 'col_38'], ["sign"]
write(public / "known.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['sign'], answers)
