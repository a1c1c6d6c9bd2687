"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(183133375386563167127703854968084862327)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1440, 3))
far = np.sqrt((X ** 2).sum(1))
y = np.searchsorted(np.quantile(far, [0.5]), far)
X = X * (1 + rng.normal(size=(1440, 1)) * 0.08)

n = len(y)
wrong = np.flatnonzero(rng.random(n) < 0.03)
y[wrong] = rng.integers(2, size=len(wrong))
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [522.0, 0.0363, 0.0793, 3.39, 0.0629] + [391.0, 0.0336, -0.208, 5.8, -0.0979]
X = X[:, rng.permutation(X.shape[1])]

labels = ['faint', 'visible']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1440]
known, hidden = order[:-480], order[-480:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['albedo', 'spin', 'age', 'tail', 'dust_rate'], ["label"]
write(public / "labelled.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [[int(truth[i][0] == labels[1])] for i in hidden]
write(private / "labels.csv", ['p_visible'], answers)
