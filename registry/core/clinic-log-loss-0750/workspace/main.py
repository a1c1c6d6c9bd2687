"""Baseline: a weighted mean of near rows."""
import numpy as np

COLUMN_LIMIT = 1     # columns used
KERNEL_WIDTH = 10.0  # width of the kernel
STANDARDISE = True   # same scale for all columns


def predict(X, Y, Q):
    X, Q = X[:, :COLUMN_LIMIT], Q[:, :COLUMN_LIMIT]
    if STANDARDISE:
        X, Q = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, Q))
    D = (Q ** 2).sum(1)[:, None] - 2 * Q @ X.T + (X ** 2).sum(1)
    K = np.exp(-np.maximum(D, 0) / (2 * X.shape[1] * KERNEL_WIDTH ** 2))
    return (K @ Y + 1e-9 * Y.mean(0)) / (K.sum(1, keepdims=True) + 1e-9)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
X, y, Q = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, Q)
F = np.clip(F, 0.03, 1)
F /= F.sum(1, keepdims=True)
np.savetxt("submission.csv", F, fmt="%s", delimiter=",", header="p_mild,p_severe", comments="")
