"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(151749941214433336267226584028652871706)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(-1, 1, size=(1360, 2))
y = X @ rng.normal(size=2) * 0.2
for _ in range(11):
    far = ((X - rng.uniform(-1, 1, size=2)) ** 2).sum(1)
    y = y + rng.choice([-1, 1]) * rng.uniform(1, 2) * np.exp(-far / 0.2)

n = len(y)
y = y + rng.normal(size=n) * 0.3 * y.std()
X = (X - X.mean(0)) / X.std(0) * [33.4, 0.399] + [-27.1, 0.227]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 37.8 + 79.2
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1360]
known, hidden = order[:-640], order[-640:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['potash', 'irrigation'], ["fruit_kg"]
write(public / "past.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "next.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['fruit_kg'], answers)
