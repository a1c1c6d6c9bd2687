"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(181440811905777433509880758516205515952)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

X = rng.uniform(size=(1400, 5))
a, b, c, d = rng.uniform(5, 12, size=4)
y = a * np.sin(np.pi * X[:, 0] * X[:, 1]) + 2 * b * (X[:, 2] - 0.5) ** 2 + c * X[:, 3] + d / 2 * X[:, 4]

n = len(y)
y = y + rng.normal(size=n) * 0.2 * y.std()
X = (X - X.mean(0)) / X.std(0) * [2.07, 2.35, 0.3, 1.7, 1390.0] + [4.57, 6.9, 0.403, 2.06, 684.0]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 1.11 + 95.2
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1400]
known, hidden = order[:-700], order[-700:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['boil', 'mash_heat', 'pitch_rate', 'kettle', 'dry_hop'], ["bitterness"]
write(public / "past.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "next.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['bitterness'], answers)
