"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(198498653046611861886382785001972646704)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with open(Path(os.environ["SOURCE"]) / "breast_cancer.csv", newline="") as file:
    table = np.array(list(csv.reader(file))[1:], dtype=float)
X, y = table[:, [1, 4, 5, 7, 8, 9, 14, 24, 25]], 1 - table[:, 30].astype(int)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.02 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [0.999, 2.26, 27.6, 1450.0, 21.9, 0.67, 0.217, 0.0965, 0.0578] + [0.0744, -5.83, 63.7, 3770.0, 19.3, 0.431, 0.591, -0.148, 0.0815]
X = X[:, rng.permutation(X.shape[1])]

labels = ['benign', 'malignant']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:552]
known, hidden = order[:-260], order[-260:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['m4', 'm5', 'm15', 'm17', 'm23', 'm24', 'm34', 'm36', 'm38'], ["finding"]
write(public / "train.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "test.csv", columns, [rows[i] for i in hidden])
answers = [[int(label == truth[i][0]) for label in labels] for i in hidden]
write(private / "labels.csv", ['p_benign', 'p_malignant'], answers)
