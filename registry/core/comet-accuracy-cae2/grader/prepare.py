"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(135768734831427691912183051264650015929)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

y = rng.integers(3, size=1120)
centres = rng.normal(size=(3, 3, 5)) * 1.47
X = centres[y, rng.integers(3, size=1120)] + rng.normal(size=(1120, 5))

n = len(y)
wrong = np.flatnonzero(rng.random(n) < 0.03)
y[wrong] = rng.integers(3, size=len(wrong))
X = (X - X.mean(0)) / X.std(0) * [0.258, 0.171, 5.28, 1.61, 336.0] + [0.348, 0.423, 1.41, 4.69, -588.0]
X = X[:, rng.permutation(X.shape[1])]

labels = ['dust', 'gas', 'ice']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1120]
known, hidden = order[:-460], order[-460:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['angle', 'coma', 'spin', 'tail', 'albedo'], ["state"]
write(public / "fit.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "score.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['state'], answers)
