"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(229434305420207424712220879430515539071)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(-1, 1, size=(1060, 3))
y = X @ rng.normal(size=3) * 0.3
for j in range(3):
    y = y + rng.uniform(0.7, 1.5) * np.sin(rng.uniform(2, 7) * X[:, j] + rng.uniform(0, 6))

n = len(y)
y = y + rng.normal(size=n) * 0.2 * y.std()
y = np.searchsorted(np.quantile(y, [0.5]), y)
X = (X - X.mean(0)) / X.std(0) * [0.169, 227.0, 3.3] + [-0.131, -499.0, -8.82]
X = X[:, rng.permutation(X.shape[1])]
X[rng.random(X.shape) < 0.05] = np.nan

labels = ['angry', 'content']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1060]
known, hidden = order[:-540], order[-540:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['agents', 'transfers', 'queue'], ["label"]
write(public / "fit.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "score.csv", columns, [rows[i] for i in hidden])
answers = [[int(label == truth[i][0]) for label in labels] for i in hidden]
write(private / "labels.csv", ['p_angry', 'p_content'], answers)
