"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(244253534246463589709678083328417031755)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

y = rng.integers(3, size=1300)
centres = rng.normal(size=(3, 3, 6)) * 1.4
X = centres[y, rng.integers(3, size=1300)] + rng.normal(size=(1300, 6))

n = len(y)
wrong = np.flatnonzero(rng.random(n) < 0.08)
y[wrong] = rng.integers(3, size=len(wrong))
X = np.hstack([X, rng.normal(size=(n, 3))])
X = (X - X.mean(0)) / X.std(0) * [428.0, 8.12, 0.421, 2.77, 0.0789, 0.128, 0.0447, 9.37, 0.431] + [-600.0, -15.6, -1.04, 6.93, 0.0648, -0.0406, -0.00604, -0.293, -0.319]
X = X[:, rng.permutation(X.shape[1])]

labels = ['dust', 'gas', 'ice']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1300]
known, hidden = order[:-660], order[-660:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['angle', 'spin', 'tail', 'coma', 'jitter', 'dust_rate', 'tilt', 'albedo', 'distance'], ["class"]
write(public / "fit.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "score.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['class'], answers)
