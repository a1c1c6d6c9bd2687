"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(204729537873680479273172292762235050912)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

y = rng.integers(3, size=1320)
t = rng.uniform(0.5, 1.5, size=1320)
angle = 2 * np.pi * (t + y / 3)
X = np.stack([t * np.cos(angle), t * np.sin(angle)], 1) + rng.normal(size=(1320, 2)) * 0.05

n = len(y)
X = np.hstack([X, rng.normal(size=(n, 1))])
X = (X - X.mean(0)) / X.std(0) * [4.75, 271.0, 0.032] + [4.42, 526.0, -0.078]
X = X[:, rng.permutation(X.shape[1])]

labels = ['ale', 'porter', 'stout']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1320]
known, hidden = order[:-640], order[-640:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['kettle', 'haze', 'pitch_rate'], ["status"]
write(public / "seen.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unseen.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['status'], answers)
