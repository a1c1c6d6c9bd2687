"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(170467810941529881811754364086510632126)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.normal(size=(1140, 4))
weights = rng.normal(size=4)
y = rng.poisson(np.exp(1.0 + X @ weights * 0.8 / np.linalg.norm(weights))).astype(float)

n = len(y)
X = np.hstack([X, rng.normal(size=(n, 1))])
X = (X - X.mean(0)) / X.std(0) * [4.61, 271.0, 0.055, 0.0451, 0.759] + [11.6, 125.0, -0.156, 0.00477, 2.09]
X = X[:, rng.permutation(X.shape[1])]
X[rng.random(X.shape) < 0.05] = np.nan

truth = [[int(v)] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1140]
known, hidden = order[:-460], order[-460:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['holds', 'draught', 'tugs', 'swell', 'customs'], ["delay_h"]
write(public / "fit.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "score.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['delay_h'], answers)
