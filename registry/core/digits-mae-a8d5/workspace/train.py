"""Baseline: a linear model by gradient descent."""
import numpy as np
import config as cfg


def predict(X, Y, Q):
    X, Q = X[:, :cfg.max_columns], Q[:, :cfg.max_columns]
    both = np.vstack([X, Q])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    if cfg.squares:
        both = np.hstack([both, both ** 2])
    U, V = np.split(np.hstack([both, np.ones((len(both), 1))]), [len(X)])
    W = np.zeros((U.shape[1], Y.shape[1]))
    base = Y.mean(0)
    for _ in range(cfg.epochs):
        W -= cfg.learning_rate * U.T @ (U @ W + base - Y) / len(U)
    return base + V @ W

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
X, y, Q = train[:, :-1].astype(float), train[:, -1], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, Q)
np.savetxt("predictions.csv", F, fmt="%s", delimiter=",", header="ink", comments="")
