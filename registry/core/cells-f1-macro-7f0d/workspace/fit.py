"""Baseline: least squares with a penalty."""
import numpy as np

PRODUCTS = False  # add products of columns
ORDER = 2         # highest power of a column
PRECISION = 6     # round to this many digits
USE_COLUMNS = 1   # only the first columns
L2 = 20000.0      # penalty, larger is flatter


def predict(X, Y, X_test):
    X, X_test = X[:, :USE_COLUMNS], X_test[:, :USE_COLUMNS]
    both = np.vstack([X, X_test])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    parts = [both ** p for p in range(1, ORDER + 1)]
    if PRODUCTS:
        parts += [both[:, [i]] * both[:, i + 1:] for i in range(both.shape[1] - 1)]
    both = np.hstack(parts)
    U, V = np.split(both - both[:len(X)].mean(0), [len(X)])
    base = Y.mean(0)
    W = np.linalg.solve(U.T @ U + L2 * np.eye(U.shape[1]), U.T @ (Y - base))
    return base + V @ W


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
X, y, X_test = train[:, 1:].astype(float), train[:, 0], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, X_test)
F = np.round(F, PRECISION)
np.savetxt("answer.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="finding", comments="")
