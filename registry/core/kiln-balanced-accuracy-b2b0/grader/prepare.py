"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(163912539643579967138471952581094758031)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

y = rng.integers(2, size=1600)
t = rng.uniform(0.5, 2.0, size=1600)
angle = 2 * np.pi * (t + y / 2)
X = np.stack([t * np.cos(angle), t * np.sin(angle)], 1) + rng.normal(size=(1600, 2)) * 0.05

n = len(y)
X = (X - X.mean(0)) / X.std(0) * [7.5, 281.0] + [13.1, -356.0]
X = X[:, rng.permutation(X.shape[1])]

labels = ['chipped', 'whole']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1600]
known, hidden = order[:-680], order[-680:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['glaze', 'draught'], ["class"]
write(public / "seen.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "unseen.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['class'], answers)
