"""Baseline: a weighted mean of near rows."""
import numpy as np

BALANCE = False  # make up for rare classes
BANDWIDTH = 30.0  # how far a point reaches
USE_COLUMNS = 1  # only the first columns


def predict(X, Y, X_test):
    X, X_test = X[:, :USE_COLUMNS], X_test[:, :USE_COLUMNS]
    X, X_test = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, X_test))
    D = (X_test ** 2).sum(1)[:, None] - 2 * X_test @ X.T + (X ** 2).sum(1)
    K = np.exp(-np.maximum(D, 0) / (2 * X.shape[1] * BANDWIDTH ** 2))
    return (K @ Y + 1e-9 * Y.mean(0)) / (K.sum(1, keepdims=True) + 1e-9)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
X, y, X_test = train[:, 1:].astype(float), train[:, 0], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, X_test)
if BALANCE:
    F = F / Y.mean(0)
np.savetxt("submission.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="status", comments="")
