"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(57464029537970799805799672437301580743)
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
X = (X - X.mean(0)) / X.std(0) * [1.3, 5.35, 975.0, 2.22, 0.135, 0.821, 2.2, 0.599, 3.1, 0.0693, 0.0904, 13.4, 0.13, 0.0973, 1.01, 0.139, 0.764, 8.82] + [-3.05, 7.42, 2170.0, 4.02, 0.342, 1.73, 3.91, -0.204, -6.31, 0.0201, -0.0411, 11.0, 0.167, -0.2, 2.64, 0.322, 1.96, 6.31]
X = X[:, rng.permutation(X.shape[1])]

labels = ['d0', 'd1', 'd2', 'd3', 'd4', 'd5', 'd6', 'd7', 'd8', 'd9']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1785]
known, hidden = order[:-600], order[-600:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['col_5', 'col_6', 'col_8', 'col_10', 'col_14', 'col_15', 'col_16', 'col_19', 'col_21', 'col_22', 'col_24', 'col_25', 'col_27', 'col_29', 'col_31', 'col_33', 'col_36', 'col_37'], ["sign"]
write(public / "fit.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "score.csv", columns, [rows[i] for i in hidden])
answers = [[int(label == truth[i][0]) for label in labels] for i in hidden]
write(private / "labels.csv", ['p_d0', 'p_d1', 'p_d2', 'p_d3', 'p_d4', 'p_d5', 'p_d6', 'p_d7', 'p_d8', 'p_d9'], answers)
