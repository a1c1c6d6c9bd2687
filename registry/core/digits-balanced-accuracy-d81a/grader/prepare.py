"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(42184934048960707028684871390682489965)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with gzip.open(Path(os.environ["SOURCE"]) / "digits.csv.gz", "rt") as file:
    table = np.array(list(csv.reader(file)), dtype=float)
pixels, digit = table[:, :64], table[:, 64].astype(int)
chosen = np.isin(digit, [3, 6, 9] + [1, 2, 5])
pixels, digit = pixels[chosen], digit[chosen]
y = np.isin(digit, [3, 6, 9]).astype(int)
X = pixels.reshape(-1, 8, 8)
X = np.hstack([X.sum(1), X.sum(2)])

n = len(y)
X = X + rng.normal(size=X.shape) * 0.02 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [12.1, 3.57, 1.91, 0.165, 0.428, 0.634, 1.16, 0.049, 0.0765, 0.0574, 15.6, 0.0838, 0.179, 8.77, 0.234, 791.0] + [32.8, -3.61, 4.44, 0.15, 0.321, -0.611, -2.08, 0.135, -0.0954, -0.127, 34.2, 0.212, 0.333, 23.3, 0.274, 1440.0]
X = X[:, rng.permutation(X.shape[1])]

labels = ['inside', 'outside']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1784]
known, hidden = order[:-380], order[-380:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['col_5', 'col_6', 'col_7', 'col_8', 'col_11', 'col_13', 'col_14', 'col_19', 'col_20', 'col_26', 'col_27', 'col_30', 'col_33', 'col_35', 'col_38', 'col_39'], ["class"]
write(public / "known.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['class'], answers)
