"""Baseline: a vote of near rows."""
import numpy as np

MAX_COLUMNS = 2
NORMALISE = False
NEAREST = 12


def predict(X, Y, Q):
    X, Q = X[:, :MAX_COLUMNS], Q[:, :MAX_COLUMNS]
    if NORMALISE:
        X, Q = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, Q))
    D = (Q ** 2).sum(1)[:, None] - 2 * Q @ X.T + (X ** 2).sum(1)
    near = np.argsort(D, axis=1)[:, :NEAREST]
    return Y[near].mean(1)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
X, y, Q = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, Q)
np.savetxt("predictions.csv", F[:, 1], fmt="%s", delimiter=",", header="score", comments="")
