"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(50322982006442763799013885486899653719)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with open(Path(os.environ["SOURCE"]) / "breast_cancer.csv", newline="") as file:
    table = np.array(list(csv.reader(file))[1:], dtype=float)
X, y = table[:, [4, 5, 8, 9, 14, 21, 24, 25, 26]], 1 - table[:, 30].astype(int)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.02 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [9.74, 0.89, 2.68, 20.5, 5.2, 2.44, 0.0617, 0.0804, 848.0] + [-9.52, -1.65, 3.19, -14.3, 12.6, 2.99, 0.168, -0.056, 1890.0]
X = X[:, rng.permutation(X.shape[1])]

labels = ['healthy', 'ill']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:565]
known, hidden = order[:-280], order[-280:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['col_5', 'col_11', 'col_14', 'col_15', 'col_24', 'col_33', 'col_35', 'col_37', 'col_39'], ["finding"]
write(public / "labelled.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [[int(label == truth[i][0]) for label in labels] for i in hidden]
write(private / "labels.csv", ['p_healthy', 'p_ill'], answers)
