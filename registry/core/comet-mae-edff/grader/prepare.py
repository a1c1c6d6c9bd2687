"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(130693121353773424939054289475211993443)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1520, 7))
weights = rng.normal(size=7)
y = rng.poisson(np.exp(2.0 + X @ weights * 0.8 / np.linalg.norm(weights))).astype(float)

n = len(y)
X = np.hstack([X, rng.normal(size=(n, 3))])
X = (X - X.mean(0)) / X.std(0) * [0.073, 0.852, 7.02, 0.144, 0.339, 0.034, 10.6, 0.323, 13.0, 477.0] + [-0.0977, -2.46, -10.4, -0.333, -0.186, -0.0427, -14.0, -0.437, -9.28, -438.0]
X = X[:, rng.permutation(X.shape[1])]

truth = [[int(v)] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1520]
known, hidden = order[:-660], order[-660:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['age', 'coma', 'jitter', 'albedo', 'angle', 'spin', 'gas_rate', 'dust_rate', 'distance', 'flux'], ["magnitude"]
write(public / "labelled.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['magnitude'], answers)
