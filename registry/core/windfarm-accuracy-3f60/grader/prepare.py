"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(201177898152778255631595294877153958768)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(size=(1440, 2))
y = np.floor(X * 3).sum(1).astype(int) % 2
X = X + rng.normal(size=X.shape) * 0.02

n = len(y)
wrong = np.flatnonzero(rng.random(n) < 0.08)
y[wrong] = rng.integers(2, size=len(wrong))
X = (X - X.mean(0)) / X.std(0) * [397.0, 0.832] + [-589.0, -1.42]
X = X[:, rng.permutation(X.shape[1])]

labels = ['run', 'stop']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1440]
known, hidden = order[:-660], order[-660:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['azimuth', 'hertz'], ["kind"]
write(public / "past.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "next.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['kind'], answers)
