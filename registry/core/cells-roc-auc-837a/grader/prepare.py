"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(136143127651644281636110350646603592437)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with open(Path(os.environ["SOURCE"]) / "breast_cancer.csv", newline="") as file:
    table = np.array(list(csv.reader(file))[1:], dtype=float)
X, y = table[:, [1, 4, 9, 12, 18, 21, 24, 25, 26]], 1 - table[:, 30].astype(int)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [0.161, 11.9, 0.0759, 396.0, 3.5, 10.8, 0.0364, 0.112, 0.0353] + [-0.387, -17.9, -0.104, -739.0, -3.62, -17.0, -0.0987, -0.0457, -0.0442]
X = X[:, rng.permutation(X.shape[1])]

labels = ['healthy', 'ill']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:551]
known, hidden = order[:-250], order[-250:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['m1', 'm2', 'm7', 'm11', 'm22', 'm25', 'm31', 'm34', 'm36'], ["finding"]
write(public / "fit.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "score.csv", columns, [rows[i] for i in hidden])
answers = [[int(truth[i][0] == labels[1])] for i in hidden]
write(private / "labels.csv", ['p_ill'], answers)
