"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(307784080281386031480334455329293611700)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(-1, 1, size=(1080, 2))
y = X @ rng.normal(size=2) * 0.2
for _ in range(5):
    far = ((X - rng.uniform(-1, 1, size=2)) ** 2).sum(1)
    y = y + rng.choice([-1, 1]) * rng.uniform(1, 2) * np.exp(-far / 0.1)

n = len(y)
y = y + rng.normal(size=n) * 0.1 * y.std()
y = np.searchsorted(np.quantile(y, [0.5]), y)
X = (X - X.mean(0)) / X.std(0) * [0.0327, 5.87] + [-0.034, -8.04]
X = X[:, rng.permutation(X.shape[1])]

labels = ['bare', 'bearing']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1080]
known, hidden = order[:-640], order[-640:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['spacing', 'canopy'], ["label"]
write(public / "past.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "next.csv", columns, [rows[i] for i in hidden])
answers = [[int(label == truth[i][0]) for label in labels] for i in hidden]
write(private / "labels.csv", ['p_bare', 'p_bearing'], answers)
