"""Makes the public tables and the hidden labels."""
import csv
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(44461412117386971374057830646986319607)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with open(Path(os.environ["SOURCE"]) / "breast_cancer.csv", newline="") as file:
    table = np.array(list(csv.reader(file))[1:], dtype=float)
X, y = table[:, [11, 15, 16, 19, 21, 24, 29]], 1 - table[:, 30].astype(int)

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [13.9, 0.0499, 23.0, 1.45, 4.98, 0.169, 1.02, 1110.0, 0.487] + [24.3, -0.0611, 21.3, 0.0249, -8.4, -0.327, -1.34, -1520.0, 1.39]
X = X[:, rng.permutation(X.shape[1])]

labels = ['clear', 'suspect']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:558]
known, hidden = order[:-240], order[-240:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['reading_1', 'reading_6', 'reading_9', 'reading_13', 'reading_21', 'reading_30', 'reading_32', 'reading_33', 'reading_35'], ["finding"]
write(public / "fit.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "score.csv", columns, [rows[i] for i in hidden])
answers = [[int(truth[i][0] == labels[1])] for i in hidden]
write(private / "labels.csv", ['p_suspect'], answers)
