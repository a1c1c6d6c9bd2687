"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(726976)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with gzip.open(Path(os.environ["SOURCE"]) / "digits.csv.gz", "rt") as file:
    table = np.array(list(csv.reader(file)), dtype=float)
pixels, digit = table[:, :64], table[:, 64].astype(int)
y = np.isin(digit, [1, 6, 7, 8]).astype(int)
X = pixels @ rng.normal(size=(64, 23))

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [5.7, 11.3, 3.18, 7.71, 2.73, 0.114, 3.53, 5.11, 0.0318, 0.171, 0.269, 0.166, 0.583, 0.824, 0.751, 0.534, 0.561, 12.6, 0.115, 3.96, 30.8, 0.0551, 2.47, 1370.0, 0.153] + [-3.27, -0.26, -1.87, 19.5, -7.24, -0.0375, -7.75, -3.5, 0.0831, -0.36, -0.0408, 0.412, -0.159, -0.278, 0.902, 0.112, 1.32, -12.7, 0.0145, 6.14, -0.93, -0.0514, -5.5, -1260.0, 0.0505]
X = X[:, rng.permutation(X.shape[1])]

labels = ['left', 'right']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1791]
known, hidden = order[:-660], order[-660:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['reading_1', 'reading_3', 'reading_6', 'reading_7', 'reading_8', 'reading_9', 'reading_11', 'reading_12', 'reading_13', 'reading_14', 'reading_17', 'reading_18', 'reading_20', 'reading_21', 'reading_22', 'reading_26', 'reading_30', 'reading_33', 'reading_36', 'reading_40', 'reading_41', 'reading_42', 'reading_43', 'reading_46', 'reading_48'], ["sign"]
write(public / "fit.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "score.csv", columns, [rows[i] for i in hidden])
answers = [[int(truth[i][0] == labels[1])] for i in hidden]
write(private / "labels.csv", ['p_right'], answers)
