"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(205190514629003134738651924895324451195)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(-1, 1, size=(1540, 3))
y = X @ rng.normal(size=3) * 0.2
for _ in range(10):
    far = ((X - rng.uniform(-1, 1, size=3)) ** 2).sum(1)
    y = y + rng.choice([-1, 1]) * rng.uniform(1, 2) * np.exp(-far / 0.1)

n = len(y)
y = y + rng.normal(size=n) * 0.2 * y.std()
y = np.searchsorted(np.quantile(y, [0.5]), y)
X = (X - X.mean(0)) / X.std(0) * [25.2, 1800.0, 22.6] + [-45.7, 2820.0, 1.83]
X = X[:, rng.permutation(X.shape[1])]

labels = ['dark', 'glowing']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1540]
known, hidden = order[:-640], order[-640:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['ion_speed', 'latitude', 'sunspots'], ["label"]
write(public / "seen.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unseen.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['label'], answers)
