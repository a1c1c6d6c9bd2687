"""A vote of near rows, a first try."""
import numpy as np
import params as cfg


def predict(X, Y, Q):
    X, Q = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, Q))
    D = (Q ** 2).sum(1)[:, None] - 2 * Q @ X.T + (X ** 2).sum(1)
    near = np.argsort(D, axis=1)[:, :cfg.nearest]
    return Y[near].mean(1)

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
X, y, Q = train[:, 1:].astype(float), train[:, 0], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, Q)
np.savetxt("out.csv", F, fmt="%s", delimiter=",", header="nitrogen", comments="")
