"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(198801204943550505758461867277834670407)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1440, 4))
weights = rng.normal(size=4)
y = rng.poisson(np.exp(1.0 + X @ weights * 0.6 / np.linalg.norm(weights))).astype(float)

n = len(y)
X = np.hstack([X, rng.normal(size=(n, 3))])
X = (X - X.mean(0)) / X.std(0) * [3.55, 0.468, 0.199, 0.0852, 0.34, 4.4, 308.0] + [5.32, 0.638, 0.055, 0.0382, -0.862, -4.74, -277.0]
X = X[:, rng.permutation(X.shape[1])]

truth = [[int(v)] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1440]
known, hidden = order[:-500], order[-500:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['links', 'chapters', 'minutes', 'guests', 'pauses', 'adverts', 'loudness'], ["listeners"]
write(public / "labelled.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['listeners'], answers)
