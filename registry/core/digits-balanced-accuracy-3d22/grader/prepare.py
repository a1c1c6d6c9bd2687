"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(221072207724978303588182482576374773917)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with gzip.open(Path(os.environ["SOURCE"]) / "digits.csv.gz", "rt") as file:
    table = np.array(list(csv.reader(file)), dtype=float)
pixels, digit = table[:, :64], table[:, 64].astype(int)
y = np.isin(digit, [0, 1, 6, 8]).astype(int)
X = pixels @ rng.normal(size=(64, 15))

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [0.848, 2.21, 31.2, 0.398, 1.29, 0.0328, 2190.0, 0.102, 0.0745, 0.406, 15.3, 13.1, 2.04, 0.294, 0.246] + [-1.34, 3.11, 17.7, -0.148, -2.66, 0.0228, 392.0, 0.0833, -0.152, -0.774, -0.725, 19.2, -5.73, -0.354, 0.248]
X = X[:, rng.permutation(X.shape[1])]

labels = ['blue', 'red']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1797]
known, hidden = order[:-540], order[-540:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['reading_5', 'reading_6', 'reading_7', 'reading_8', 'reading_17', 'reading_18', 'reading_25', 'reading_27', 'reading_28', 'reading_29', 'reading_31', 'reading_33', 'reading_34', 'reading_35', 'reading_37'], ["kind"]
write(public / "known.csv", target + columns, [truth[i] + rows[i] for i in known])
write(public / "unknown.csv", columns, [rows[i] for i in hidden])
answers = [truth[i] for i in hidden]
write(private / "labels.csv", ['kind'], answers)
