"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(227299529052750055610727617169953262210)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with gzip.open(Path(os.environ["SOURCE"]) / "digits.csv.gz", "rt") as file:
    table = np.array(list(csv.reader(file)), dtype=float)
pixels, digit = table[:, :64], table[:, 64].astype(int)
y = np.isin(digit, [1, 3, 5, 7, 9]).astype(int)
X = pixels @ rng.normal(size=(64, 20))

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [14.3, 0.286, 9.45, 6.66, 27.3, 0.506, 17.7, 22.8, 0.0803, 0.34, 1940.0, 0.885, 0.0556, 0.0851, 3.24, 0.288, 0.607, 0.0989, 4.49, 0.381] + [33.0, 0.592, 19.3, 10.2, -65.1, 0.565, -50.1, -8.74, -0.036, 0.79, 5490.0, -2.65, -0.14, -0.231, 9.22, 0.366, -1.47, 0.176, -4.27, -0.577]
X = X[:, rng.permutation(X.shape[1])]

labels = ['blue', 'red']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1793]
known, hidden = order[:-640], order[-640:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['col_1', 'col_3', 'col_5', 'col_7', 'col_9', 'col_14', 'col_15', 'col_17', 'col_20', 'col_21', 'col_23', 'col_26', 'col_27', 'col_29', 'col_30', 'col_34', 'col_36', 'col_37', 'col_38', 'col_39'], ["kind"]
write(public / "labelled.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['kind'], answers)
