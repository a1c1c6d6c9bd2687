"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(253919930846845731193413532611182063787)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

y = rng.integers(2, size=1870)
centres = rng.normal(size=(2, 3, 7)) * 1.24
X = centres[y, rng.integers(3, size=1870)] + rng.normal(size=(1870, 7))

n = len(y)
keep = (y != 0) | (rng.random(n) < 0.25)
X, y = X[keep], y[keep]
n = len(y)
X = np.hstack([X, rng.normal(size=(n, 1))])
X = (X - X.mean(0)) / X.std(0) * [0.737, 7.09, 1910.0, 31.5, 0.223, 0.0329, 0.11, 0.212] + [-0.812, -10.1, 1210.0, -64.0, 0.341, -0.021, 0.0727, -0.538]
X = X[:, rng.permutation(X.shape[1])]

labels = ['angry', 'content']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1100]
known, hidden = order[:-660], order[-660:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['tenure', 'transfers', 'hold', 'agents', 'scripts', 'menu_depth', 'hour', 'voice_pitch'], ["status"]
write(public / "known.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['status'], answers)
