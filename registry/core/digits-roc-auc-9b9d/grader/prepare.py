"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(199427948898775589729882085172213426623)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with gzip.open(Path(os.environ["SOURCE"]) / "digits.csv.gz", "rt") as file:
    table = np.array(list(csv.reader(file)), dtype=float)
pixels, digit = table[:, :64], table[:, 64].astype(int)
y = np.isin(digit, [1, 3, 5, 7, 9]).astype(int)
X = pixels @ rng.normal(size=(64, 20))

n = len(y)
X = X + rng.normal(size=X.shape) * 0.02 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [0.0482, 0.471, 1.89, 0.411, 2.33, 0.0367, 0.173, 6.63, 2.29, 3.18, 2.91, 1.26, 9.96, 0.536, 4.36, 0.468, 0.72, 2.74, 731.0, 0.501] + [0.09, 0.481, 3.72, -0.545, 1.28, -0.0487, 0.131, 6.06, -2.89, 2.26, -0.836, -3.08, 10.5, 1.06, -12.8, 0.255, 0.168, -7.37, -2000.0, -0.735]
X = X[:, rng.permutation(X.shape[1])]

labels = ['inside', 'outside']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1793]
known, hidden = order[:-620], order[-620:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['col_1', 'col_2', 'col_3', 'col_7', 'col_8', 'col_10', 'col_11', 'col_12', 'col_14', 'col_16', 'col_17', 'col_18', 'col_20', 'col_25', 'col_27', 'col_28', 'col_31', 'col_33', 'col_34', 'col_35'], ["sign"]
write(public / "fit.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "score.csv", columns, [rows[i] for i in hidden])
answers = [[int(truth[i][0] == labels[1])] for i in hidden]
write(private / "labels.csv", ['score'], answers)
