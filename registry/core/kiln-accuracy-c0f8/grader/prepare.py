"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(153336624803007731457766223907391559413)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(-1, 1, size=(1680, 3))
y = X @ rng.normal(size=3) * 0.2
for _ in range(11):
    far = ((X - rng.uniform(-1, 1, size=3)) ** 2).sum(1)
    y = y + rng.choice([-1, 1]) * rng.uniform(1, 2) * np.exp(-far / 0.2)

n = len(y)
y = y + rng.normal(size=n) * 0.05 * y.std()
y = np.searchsorted(np.quantile(y, [0.5]), y)
X = (X - X.mean(0)) / X.std(0) * [727.0, 0.135, 15.4] + [-1630.0, 0.322, 31.3]
X = X[:, rng.permutation(X.shape[1])]

labels = ['chipped', 'whole']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1680]
known, hidden = order[:-700], order[-700:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['draught', 'press', 'ramp'], ["label"]
write(public / "past.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "next.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['label'], answers)
