"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(135010063843858221985931497950151642285)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

y = rng.integers(3, size=1420)
centres = rng.normal(size=(3, 2, 4)) * 1.3
X = centres[y, rng.integers(2, size=1420)] + rng.normal(size=(1420, 4))

n = len(y)
wrong = np.flatnonzero(rng.random(n) < 0.08)
y[wrong] = rng.integers(3, size=len(wrong))
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [1.37, 0.986, 0.143, 558.0, 10.4, 0.561] + [3.33, -2.91, -0.294, -955.0, 16.6, -0.439]
X = X[:, rng.permutation(X.shape[1])]

labels = ['aging', 'dead', 'fresh']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1420]
known, hidden = order[:-460], order[-460:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['swelling', 'heat', 'coating', 'charge_rate', 'sag', 'mass'], ["class"]
write(public / "known.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [[int(label == truth[i][0]) for label in labels] for i in hidden]
write(private / "labels.csv", ['p_aging', 'p_dead', 'p_fresh'], answers)
