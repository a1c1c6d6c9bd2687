# random cosine features
import numpy as np

L2 = 1.0
NORMALISE = True
ECHO = False
UNITS = 5


def predict(X, Y, Q):
    if NORMALISE:
        X, Q = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, Q))
    rng = np.random.default_rng(96)
    W = rng.normal(size=(X.shape[1], UNITS)) / X.shape[1] ** 0.5
    shift = rng.uniform(0, 6.28, size=UNITS)
    U, V = np.cos(X @ W + shift), np.cos(Q @ W + shift)
    base = Y.mean(0)
    coef = np.linalg.solve(U.T @ U + L2 * np.eye(UNITS), U.T @ (Y - base))
    return base + V @ coef


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
X, y, Q = train[:, 1:].astype(float), train[:, 0], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, Q)
if ECHO:
    print(X.shape, Q.shape)
np.savetxt("answer.csv", F, fmt="%s", delimiter=",", header="ink", comments="")
