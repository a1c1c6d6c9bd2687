"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(238581316162221057145790850533563750584)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with gzip.open(Path(os.environ["SOURCE"]) / "digits.csv.gz", "rt") as file:
    table = np.array(list(csv.reader(file)), dtype=float)
pixels, digit = table[:, :64], table[:, 64].astype(int)
y = digit
X = pixels.reshape(-1, 4, 2, 4, 2).mean((2, 4)).reshape(-1, 16)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [22.0, 0.607, 0.454, 1.4, 0.997, 0.328, 0.126, 18.8, 0.6, 12.8, 1740.0, 0.18, 18.9, 0.255, 0.0368, 7.39] + [16.6, -1.56, 1.23, 3.06, -0.461, -0.656, 0.116, 30.0, 1.5, 25.2, -4340.0, 0.0475, -28.7, 0.449, 0.0448, -13.3]
X = X[:, rng.permutation(X.shape[1])]

labels = ['d0', 'd1', 'd2', 'd3', 'd4', 'd5', 'd6', 'd7', 'd8', 'd9']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1783]
known, hidden = order[:-580], order[-580:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['m1', 'm3', 'm6', 'm8', 'm11', 'm12', 'm13', 'm16', 'm17', 'm22', 'm24', 'm26', 'm29', 'm30', 'm31', 'm35'], ["class"]
write(public / "known.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['class'], answers)
