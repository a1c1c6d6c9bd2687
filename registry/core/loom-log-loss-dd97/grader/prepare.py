"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(230269869369636363669978565658008935261)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1320, 4))
far = np.sqrt((X ** 2).sum(1))
y = np.searchsorted(np.quantile(far, [0.5]), far)
X = X * (1 + rng.normal(size=(1320, 1)) * 0.08)

n = len(y)
X = (X - X.mean(0)) / X.std(0) * [0.367, 0.736, 671.0, 0.84] + [-0.701, -1.76, -949.0, -2.22]
X = X[:, rng.permutation(X.shape[1])]

labels = ['first', 'second']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1320]
known, hidden = order[:-400], order[-400:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['twist', 'dye', 'vibration', 'weft'], ["state"]
write(public / "known.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [[int(label == truth[i][0]) for label in labels] for i in hidden]
write(private / "labels.csv", ['p_first', 'p_second'], answers)
