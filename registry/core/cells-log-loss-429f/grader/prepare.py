"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(139169525043337395327014756709313814731)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with open(Path(os.environ["SOURCE"]) / "breast_cancer.csv", newline="") as file:
    table = np.array(list(csv.reader(file))[1:], dtype=float)
X, y = table[:, [1, 5, 6, 11, 16, 18, 25]], 1 - table[:, 30].astype(int)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [0.346, 0.0435, 16.3, 0.308, 0.0942, 14.5, 13.1, 1040.0, 1.83] + [-0.736, 0.0281, -9.95, -0.608, -0.0829, -10.2, 10.5, 192.0, 3.07]
X = X[:, rng.permutation(X.shape[1])]

labels = ['healthy', 'ill']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:566]
known, hidden = order[:-240], order[-240:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['col_1', 'col_6', 'col_14', 'col_15', 'col_16', 'col_25', 'col_29', 'col_34', 'col_38'], ["finding"]
write(public / "fit.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "score.csv", columns, [rows[i] for i in hidden])
answers = [[int(label == truth[i][0]) for label in labels] for i in hidden]
write(private / "labels.csv", ['p_healthy', 'p_ill'], answers)
