"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(686032)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with gzip.open(Path(os.environ["SOURCE"]) / "digits.csv.gz", "rt") as file:
    table = np.array(list(csv.reader(file)), dtype=float)
pixels, digit = table[:, :64], table[:, 64].astype(int)
y = digit
X = pixels.reshape(-1, 4, 2, 4, 2).mean((2, 4)).reshape(-1, 16)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [0.0966, 4.54, 5.99, 4.72, 0.401, 0.051, 8.26, 1.49, 23.6, 0.0983, 23.7, 1820.0, 0.109, 4.11, 4.59, 15.8, 15.3, 6.08] + [-0.204, -7.79, -8.26, 8.76, 0.823, 0.108, -6.6, 0.0859, 54.3, -0.141, 46.7, 1460.0, 0.117, -3.51, -12.6, -28.6, -28.4, 10.2]
X = X[:, rng.permutation(X.shape[1])]

labels = ['d0', 'd1', 'd2', 'd3', 'd4', 'd5', 'd6', 'd7', 'd8', 'd9']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1780]
known, hidden = order[:-700], order[-700:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['m4', 'm6', 'm9', 'm10', 'm11', 'm12', 'm16', 'm17', 'm18', 'm22', 'm28', 'm29', 'm32', 'm33', 'm34', 'm36', 'm38', 'm39'], ["sign"]
write(public / "known.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [[int(label == truth[i][0]) for label in labels] for i in hidden]
write(private / "labels.csv", ['p_d0', 'p_d1', 'p_d2', 'p_d3', 'p_d4', 'p_d5', 'p_d6', 'p_d7', 'p_d8', 'p_d9'], answers)
