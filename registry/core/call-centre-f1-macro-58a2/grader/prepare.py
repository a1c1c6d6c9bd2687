"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(278384857444878242063347644817472545300)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

y = rng.integers(2, size=1700)
centres = rng.normal(size=(2, 3, 7)) * 1.36
X = centres[y, rng.integers(3, size=1700)] + rng.normal(size=(1700, 7))

n = len(y)
wrong = np.flatnonzero(rng.random(n) < 0.08)
y[wrong] = rng.integers(2, size=len(wrong))
keep = (y != 1) | (rng.random(n) < 0.25)
X, y = X[keep], y[keep]
n = len(y)
X = (X - X.mean(0)) / X.std(0) * [185.0, 0.159, 0.0971, 0.114, 0.351, 0.749, 2.98] + [-55.0, 0.176, -0.13, 0.0813, 0.335, 0.677, 3.78]
X = X[:, rng.permutation(X.shape[1])]

labels = ['open', 'solved']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1000]
known, hidden = order[:-420], order[-420:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['hour', 'noise_db', 'hold', 'voice_pitch', 'tenure', 'scripts', 'coffee'], ["label"]
write(public / "labelled.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unlabelled.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['label'], answers)
