"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(323879867593399847167866795210160985524)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(size=(1380, 6))
y = np.zeros(1380)
for _ in range(12):
    pair, cut = rng.integers(6, size=2), rng.uniform(0.25, 0.75, size=2)
    y = y + rng.normal(size=4)[(X[:, pair] > cut) @ [2, 1]]

n = len(y)
y = y + rng.normal(size=n) * 0.3 * y.std()
X = np.hstack([X, rng.normal(size=(n, 1))])
X = (X - X.mean(0)) / X.std(0) * [6.82, 21.6, 735.0, 2.65, 16.9, 8.37, 3.17] + [9.61, 52.1, -1080.0, 2.0, -18.6, -16.2, 0.854]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 27.3 + 244.9
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1380]
known, hidden = order[:-700], order[-700:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['loudness', 'words', 'silence', 'pauses', 'links', 'tempo', 'laughs'], ["listeners"]
write(public / "labelled.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['listeners'], answers)
