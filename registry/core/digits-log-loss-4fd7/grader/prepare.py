"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(324771823187669079388531304986272802384)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with gzip.open(Path(os.environ["SOURCE"]) / "digits.csv.gz", "rt") as file:
    table = np.array(list(csv.reader(file)), dtype=float)
pixels, digit = table[:, :64], table[:, 64].astype(int)
chosen = np.isin(digit, [5, 7, 8] + [0, 1, 6])
pixels, digit = pixels[chosen], digit[chosen]
y = np.isin(digit, [5, 7, 8]).astype(int)
X = pixels.reshape(-1, 4, 2, 4, 2).mean((2, 4)).reshape(-1, 16)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [13.5, 0.204, 0.307, 1.25, 10.3, 7.45, 28.0, 15.6, 8.52, 0.106, 0.252, 0.6, 1200.0, 11.6, 0.747, 3.3] + [-34.4, 0.265, -0.802, -1.75, -30.1, 12.9, 61.9, -31.9, -25.4, 0.237, 0.559, 1.16, 3180.0, 26.1, -0.236, 4.03]
X = X[:, rng.permutation(X.shape[1])]

labels = ['inside', 'outside']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1786]
known, hidden = order[:-420], order[-420:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['reading_1', 'reading_2', 'reading_7', 'reading_8', 'reading_11', 'reading_14', 'reading_16', 'reading_22', 'reading_23', 'reading_25', 'reading_29', 'reading_31', 'reading_34', 'reading_37', 'reading_38', 'reading_39'], ["class"]
write(public / "known.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [[int(label == truth[i][0]) for label in labels] for i in hidden]
write(private / "labels.csv", ['p_inside', 'p_outside'], answers)
