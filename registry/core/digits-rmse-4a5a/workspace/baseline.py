# random features and ridge
import os
import numpy as np

RIDGE = 3.0     # strength of the penalty
N_FEATURES = 4  # number of random features


def predict(X, Y, Q):
    X, Q = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, Q))
    rng = np.random.default_rng(int(os.environ.get("SEED", 0)))
    W = rng.normal(size=(X.shape[1], N_FEATURES)) / X.shape[1] ** 0.5
    shift = rng.uniform(0, 6.28, size=N_FEATURES)
    U, V = np.cos(X @ W + shift), np.cos(Q @ W + shift)
    base = Y.mean(0)
    coef = np.linalg.solve(U.T @ U + RIDGE * np.eye(N_FEATURES), U.T @ (Y - base))
    return base + V @ coef


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
X, y, Q = train[:, 1:].astype(float), train[:, 0], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, Q)
np.savetxt("out.csv", F, fmt="%s", delimiter=",", header="ink", comments="")
