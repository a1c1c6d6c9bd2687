"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(237224963157636960597071936507521489024)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with gzip.open(Path(os.environ["SOURCE"]) / "digits.csv.gz", "rt") as file:
    table = np.array(list(csv.reader(file)), dtype=float)
pixels, digit = table[:, :64], table[:, 64].astype(int)
y = np.isin(digit, [1, 6, 7, 8]).astype(int)
X = pixels @ rng.normal(size=(64, 23))

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = np.hstack([X, rng.normal(size=(n, 2))])
X = (X - X.mean(0)) / X.std(0) * [0.22, 20.3, 0.751, 6.87, 7.68, 0.849, 8.81, 1.47, 25.0, 1.06, 0.107, 0.529, 1370.0, 24.1, 2.43, 0.0317, 9.69, 0.0685, 0.296, 0.141, 0.261, 0.447, 0.617, 7.98, 0.517] + [-0.652, -6.06, -2.17, 0.0789, 21.8, 1.79, 15.9, 3.78, 6.57, 0.844, -0.18, -0.736, -622.0, -69.9, 1.1, 0.0585, -4.84, 0.0572, 0.69, 0.189, 0.522, 0.159, 0.377, 0.0587, -1.15]
X = X[:, rng.permutation(X.shape[1])]

labels = ['left', 'right']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1791]
known, hidden = order[:-660], order[-660:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['col_3', 'col_6', 'col_8', 'col_9', 'col_11', 'col_12', 'col_13', 'col_14', 'col_17', 'col_20', 'col_21', 'col_22', 'col_25', 'col_26', 'col_28', 'col_29', 'col_30', 'col_33', 'col_38', 'col_39', 'col_44', 'col_45', 'col_46', 'col_47', 'col_48'], ["sign"]
write(public / "known.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['sign'], answers)
