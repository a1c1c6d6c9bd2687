"""Baseline: a vote of near rows."""
import numpy as np

neighbours = 400


def predict(X, Y, Q):
    X, Q = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, Q))
    D = (Q ** 2).sum(1)[:, None] - 2 * Q @ X.T + (X ** 2).sum(1)
    near = np.argsort(D, axis=1)[:, :neighbours]
    return Y[near].mean(1)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
X, y, Q = train[:, :-1].astype(float), train[:, -1], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, Q)
np.savetxt("answer.csv", F, fmt="%s", delimiter=",", header="ink", comments="")
