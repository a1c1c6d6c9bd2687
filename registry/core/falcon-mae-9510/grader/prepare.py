"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(168874990376917243679693424287293454930)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(-1, 1, size=(1280, 3))
y = X @ rng.normal(size=3) * 0.2
for _ in range(7):
    far = ((X - rng.uniform(-1, 1, size=3)) ** 2).sum(1)
    y = y + rng.choice([-1, 1]) * rng.uniform(1, 2) * np.exp(-far / 0.1)

n = len(y)
y = y + rng.normal(size=n) * 0.2 * y.std()
X = (X - X.mean(0)) / X.std(0) * [0.25, 0.218, 18.7] + [0.489, -0.418, -33.2]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 3.42 + 109.3
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1280]
known, hidden = order[:-420], order[-420:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['ringing', 'rainfall', 'territory'], ["fledglings"]
write(public / "past.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "next.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['fledglings'], answers)
