"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(263603760221491133208097944578288085304)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(size=(1500, 5))
a, b, c, d = rng.uniform(5, 12, size=4)
y = a * np.sin(np.pi * X[:, 0] * X[:, 1]) + 2 * b * (X[:, 2] - 0.5) ** 2 + c * X[:, 3] + d / 2 * X[:, 4]

n = len(y)
y = y + rng.normal(size=n) * 0.1 * y.std()
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [19.5, 12.4, 2.41, 2080.0, 0.0999, 13.8, 7.23] + [36.6, -16.8, -2.32, -3110.0, -0.142, 35.8, 18.1]
X = X[:, rng.permutation(X.shape[1])]
X[rng.random(X.shape) < 0.1] = np.nan

y = (y - y.mean()) / y.std() * 56.6 + 102.8
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1500]
known, hidden = order[:-640], order[-640:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['minerals', 'haze', 'mash_heat', 'boil', 'lagering', 'oxygen', 'pitch_rate'], ["bitterness"]
write(public / "train.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "test.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['bitterness'], answers)
