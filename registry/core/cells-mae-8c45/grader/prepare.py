"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(105240011266754779635810724741005855625)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with open(Path(os.environ["SOURCE"]) / "breast_cancer.csv", newline="") as file:
    table = np.array(list(csv.reader(file))[1:], dtype=float)
X, y = table[:, [3, 5, 6, 9, 12, 13, 18, 19, 20, 22, 26]], np.log(table[:, 27] + 1e-3)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.02 * X.std(0)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [0.0888, 0.0526, 1.59, 0.758, 1.12, 8.81, 0.158, 3.64, 2.55, 0.733, 394.0, 0.0679, 11.8] + [-0.114, 0.0576, 1.75, -1.63, 2.77, 11.3, 0.406, 1.87, -2.52, 2.14, 732.0, -0.0981, 10.7]
X = X[:, rng.permutation(X.shape[1])]

y = (y - y.mean()) / y.std() * 9.63 + 160.9
truth = [[f"{v:.5g}"] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:566]
known, hidden = order[:-260], order[-260:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['m2', 'm6', 'm10', 'm11', 'm12', 'm14', 'm20', 'm22', 'm25', 'm26', 'm29', 'm31', 'm33'], ["measure"]
write(public / "known.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['measure'], answers)
