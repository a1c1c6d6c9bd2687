"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(338335375438716309665664864636038581499)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1380, 5))
weights = rng.normal(size=5)
y = rng.poisson(np.exp(2.0 + X @ weights * 0.6 / np.linalg.norm(weights))).astype(float)

n = len(y)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [0.42, 0.0461, 241.0, 0.0355, 1.46, 8.03, 0.909] + [0.576, -0.0185, -184.0, 0.0236, -1.32, -1.1, 0.745]
X = X[:, rng.permutation(X.shape[1])]

truth = [[int(v)] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1380]
known, hidden = order[:-540], order[-540:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['scab', 'chill', 'aphids', 'girth', 'thinning', 'frost', 'spacing'], ["fruit_kg"]
write(public / "train.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "test.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['fruit_kg'], answers)
