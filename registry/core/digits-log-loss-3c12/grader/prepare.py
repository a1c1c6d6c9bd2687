"""Makes the public tables and the hidden labels."""
import csv
import gzip
import os
from pathlib import Path

import numpy as np

rng = np.random.default_rng(110619652875371087739892120755724168411)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])

with gzip.open(Path(os.environ["SOURCE"]) / "digits.csv.gz", "rt") as file:
    table = np.array(list(csv.reader(file)), dtype=float)
pixels, digit = table[:, :64], table[:, 64].astype(int)
chosen = np.isin(digit, [1, 2, 4] + [3, 7, 8])
pixels, digit = pixels[chosen], digit[chosen]
y = np.isin(digit, [1, 2, 4]).astype(int)
X = pixels @ rng.normal(size=(64, 24))

n = len(y)
X = X + rng.normal(size=X.shape) * 0.04 * X.std(0)
X = (X - X.mean(0)) / X.std(0) * [4.05, 2.17, 0.0806, 0.652, 13.5, 7.15, 0.179, 5.54, 1060.0, 30.5, 0.547, 0.69, 0.0547, 0.0639, 1.04, 5.28, 6.95, 0.796, 12.9, 2.62, 2.95, 0.206, 1.57, 0.0327] + [0.488, -6.43, -0.00376, -0.835, 0.141, -7.88, 0.0805, 5.68, -1250.0, -24.7, -1.22, -1.18, -0.148, 0.0576, -2.61, -11.3, -0.429, -0.41, 12.3, 5.35, -1.49, -0.517, -4.2, 0.036]
X = X[:, rng.permutation(X.shape[1])]

labels = ['blue', 'red']
truth = [[labels[int(v)]] for v in y]
rows = [[f"{v:.5g}" for v in row] for row in X]
order = rng.permutation(n)[:1789]
known, hidden = order[:-340], order[-340:]


def write(path, header, table):
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


columns, target = ['reading_1', 'reading_2', 'reading_3', 'reading_4', 'reading_5', 'reading_13', 'reading_14', 'reading_15', 'reading_17', 'reading_18', 'reading_20', 'reading_21', 'reading_22', 'reading_25', 'reading_27', 'reading_28', 'reading_31', 'reading_32', 'reading_33', 'reading_34', 'reading_36', 'reading_37', 'reading_45', 'reading_46'], ["class"]
write(public / "fit.csv", columns + target, [rows[i] + truth[i] for i in known])
write(public / "score.csv", columns, [rows[i] for i in hidden])
answers = [[int(label == truth[i][0]) for label in labels] for i in hidden]
write(private / "labels.csv", ['p_blue', 'p_red'], answers)
