"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(331262837847897490875943644995468836262)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with open(Path(os.environ["SOURCE"]) / "breast_cancer.csv", newline="") as file:
    table = np.array(list(csv.reader(file))[1:], dtype=float)
X, y = table[:, [2, 6, 8, 18, 21, 22, 24, 26]], np.log(table[:, 27] + 1e-3)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [484.0, 4.03, 6.38, 0.293, 0.211, 0.131, 0.0671, 0.0405] + [594.0, -7.99, 3.76, -0.395, -0.594, 0.309, 0.063, -0.0621]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 29.8 + 94.1
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:560]
known, hidden = order[:-240], order[-240:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['reading_3', 'reading_7', 'reading_9', 'reading_14', 'reading_16', 'reading_25', 'reading_29', 'reading_39'], ["measure"]
write(public / "known.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['measure'], answers)
