# random cosine features
import numpy as np

HIDDEN = 8  # number of random features
RADIUS = 0.15  # width of the kernel
PENALTY = 3.0  # strength of the penalty


def predict(X, Y, Q):
    X, Q = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, Q))
    rng = np.random.default_rng(80)
    W = rng.normal(size=(X.shape[1], HIDDEN)) / (RADIUS * X.shape[1] ** 0.5)
    shift = rng.uniform(0, 6.28, size=HIDDEN)
    U, V = np.cos(X @ W + shift), np.cos(Q @ W + shift)
    base = Y.mean(0)
    coef = np.linalg.solve(U.T @ U + PENALTY * np.eye(HIDDEN), U.T @ (Y - base))
    return base + V @ coef


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
X, y, Q = train[:, 1:].astype(float), train[:, 0], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, Q)
np.savetxt("predictions.csv", F, fmt="%s", delimiter=",", header="wait_s", comments="")
