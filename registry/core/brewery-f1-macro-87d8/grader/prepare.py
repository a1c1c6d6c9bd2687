"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(150160722727592292117445722037645982291)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(size=(1400, 2))
y = np.floor(X * 2).sum(1).astype(int) % 2
X = X + rng.normal(size=X.shape) * 0.02

n = len(y)
wrong = np.flatnonzero(rng.random(n) < 0.03)
y[wrong] = rng.integers(2, size=len(wrong))
X = (X - X.mean(0)) / X.std(0) * [5.98, 0.167] + [5.97, 0.477]
X = X[:, rng.permutation(X.shape[1])]

labels = ['clear', 'cloudy']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1400]
known, hidden = order[:-440], order[-440:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['hops', 'minerals'], ["class"]
write(public / "seen.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unseen.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['class'], answers)
