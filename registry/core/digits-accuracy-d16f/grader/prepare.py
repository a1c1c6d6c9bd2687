"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(197648888438140339762994412197605948320)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with gzip.open(Path(os.environ["SOURCE"]) / "digits.csv.gz", "rt") as file:
    table = np.array(list(csv.reader(file)), dtype=float)
pixels, digit = table[:, :64], table[:, 64].astype(int)
y = np.isin(digit, [3, 7, 8, 9]).astype(int)
X = pixels.reshape(-1, 8, 8)
X = np.hstack([X.sum(1), X.sum(2)])

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [0.0727, 0.409, 1.07, 26.9, 5.06, 0.28, 6.26, 0.154, 1.04, 0.0783, 14.8, 25.5, 0.742, 1990.0, 2.25, 0.461, 25.9, 0.09] + [-0.11, 1.18, 0.191, -52.6, 4.18, -0.735, -10.4, 0.0691, 0.0583, 0.222, -28.6, 22.8, -1.39, 2790.0, 4.73, 0.714, -55.5, -0.179]
X = X[:, rng.permutation(X.shape[1])]

labels = ['blue', 'red']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1792]
known, hidden = order[:-520], order[-520:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['reading_3', 'reading_4', 'reading_6', 'reading_9', 'reading_10', 'reading_11', 'reading_14', 'reading_17', 'reading_18', 'reading_19', 'reading_22', 'reading_26', 'reading_29', 'reading_30', 'reading_31', 'reading_37', 'reading_38', 'reading_39'], ["class"]
write(public / "known.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['class'], answers)
