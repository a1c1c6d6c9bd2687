"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(205757297427939374228919158335915261807)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(size=(1520, 6))
y = np.zeros(1520)
for _ in range(6):
    pair, cut = rng.integers(6, size=2), rng.uniform(0.25, 0.75, size=2)
    y = y + rng.normal(size=4)[(X[:, pair] > cut) @ [2, 1]]

n = len(y)
y = y + rng.normal(size=n) * 0.3 * y.std()
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [5.0, 17.3, 0.0398, 1220.0, 29.1, 0.341, 4.77, 10.6] + [13.1, -26.3, -0.106, 3450.0, 69.7, 0.911, -14.0, 11.0]
X = X[:, rng.permutation(X.shape[1])]
X[rng.random(X.shape) < 0.05] = np.nan

y = (y - y.mean()) / y.std() * 9.5 + -16.9
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1520]
known, hidden = order[:-580], order[-580:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['vibration', 'spindle', 'warp_speed', 'weft', 'lint', 'thread', 'dye', 'tension'], ["strength"]
write(public / "fit.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "score.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['strength'], answers)
