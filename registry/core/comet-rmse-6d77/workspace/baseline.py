"""Baseline: a vote of near rows."""
import numpy as np

NEAREST = 9  # how many neighbours count
NORMALISE = False  # bring columns to one scale


def predict(known, target, new):
    if NORMALISE:
        known, new = ((Z - known.mean(0)) / (known.std(0) + 1e-9) for Z in (known, new))
    D = (new ** 2).sum(1)[:, None] - 2 * new @ known.T + (known ** 2).sum(1)
    near = np.argsort(D, axis=1)[:, :NEAREST]
    return target[near].mean(1)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
target = y.astype(float)[:, None]
F = predict(known, target, new)
np.savetxt("predictions.csv", F, fmt="%s", delimiter=",", header="magnitude", comments="")
