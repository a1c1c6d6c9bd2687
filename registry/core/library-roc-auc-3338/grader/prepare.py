"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(26373587355969022320567360828097145554)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(size=(1300, 2))
y = np.floor(X * 3).sum(1).astype(int) % 2
X = X + rng.normal(size=X.shape) * 0.02

n = len(y)
X = np.hstack([X, rng.normal(size=(n, 1))])
X = (X - X.mean(0)) / X.std(0) * [9.97, 467.0, 0.846] + [-1.11, -246.0, 1.69]
X = X[:, rng.permutation(X.shape[1])]

labels = ['borrowed', 'shelved']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1300]
known, hidden = order[:-600], order[-600:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['age_years', 'weight_g', 'pages'], ["status"]
write(public / "seen.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unseen.csv", columns, [rows[i] for i in hidden])
answers = [[int(truth[i][0] == labels[1])] for i in hidden]
write(private / "labels.csv", ['p_shelved'], answers)
