"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(293921367918122121166128397321608142792)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1260, 4))
weights = rng.normal(size=4)
y = rng.poisson(np.exp(2.0 + X @ weights * 0.8 / np.linalg.norm(weights))).astype(float)

n = len(y)
X = np.hstack([X, rng.normal(size=(n, 1))])
X = (X - X.mean(0)) / X.std(0) * [0.0452, 0.0553, 0.0416, 0.277, 9.99] + [0.0594, 0.0582, 0.00426, 0.253, -6.57]
X = X[:, rng.permutation(X.shape[1])]

truth = [[int(v)] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1260]
known, hidden = order[:-640], order[-640:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['sequels', 'age_years', 'cover', 'award', 'weight_g'], ["loans"]
write(public / "train.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "test.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['loans'], answers)
