"""Baseline: random cosine features."""
import os
import numpy as np

n_units = 5       # number of random features
width = 0.15      # width of the kernel
l2_penalty = 1.0  # strength of the penalty
column_limit = 2  # columns used


def predict(X, Y, Q):
    X, Q = X[:, :column_limit], Q[:, :column_limit]
    X, Q = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, Q))
    rng = np.random.default_rng(int(os.environ.get("SEED", 0)))
    W = rng.normal(size=(X.shape[1], n_units)) / (width * X.shape[1] ** 0.5)
    shift = rng.uniform(0, 6.28, size=n_units)
    U, V = np.cos(X @ W + shift), np.cos(Q @ W + shift)
    base = Y.mean(0)
    coef = np.linalg.solve(U.T @ U + l2_penalty * np.eye(n_units), U.T @ (Y - base))
    return base + V @ coef


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("past.csv", "next.csv"))
X, y, Q = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, Q)
np.savetxt("forecast.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="status", comments="")
