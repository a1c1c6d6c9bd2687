"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(193744084605142276319029123384434506503)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with open(Path(os.environ["SOURCE"]) / "breast_cancer.csv", newline="") as file:
    table = np.array(list(csv.reader(file))[1:], dtype=float)
X, y = table[:, [1, 4, 11, 14, 18, 19, 20, 21]], 1 - table[:, 30].astype(int)

n = len(y)
wrong = np.flatnonzero(rng.random(n) < 0.05)
y[wrong] = rng.integers(2, size=len(wrong))
X = X + rng.normal(size=X.shape) * 0.02 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [16.8, 1020.0, 0.64, 0.498, 1.11, 4.63, 0.0939, 0.0341] + [-7.09, -357.0, -1.08, 0.0139, -0.258, -12.2, -0.274, 0.0989]
X = X[:, rng.permutation(X.shape[1])]

labels = ['healthy', 'ill']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:569]
known, hidden = order[:-260], order[-260:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['m4', 'm5', 'm8', 'm9', 'm16', 'm20', 'm29', 'm35'], ["finding"]
write(public / "labelled.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['finding'], answers)
