"""Baseline: a weighted mean of near rows."""
import numpy as np

radius = 30.0    # how far a point reaches
debug = False    # print the sizes
use_columns = 1  # columns used


def predict(X, Y, Q):
    X, Q = X[:, :use_columns], Q[:, :use_columns]
    X, Q = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, Q))
    D = (Q ** 2).sum(1)[:, None] - 2 * Q @ X.T + (X ** 2).sum(1)
    K = np.exp(-np.maximum(D, 0) / (2 * X.shape[1] * radius ** 2))
    return (K @ Y + 1e-9 * Y.mean(0)) / (K.sum(1, keepdims=True) + 1e-9)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
X, y, Q = train[:, 1:].astype(float), train[:, 0], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, Q)
F = np.clip(F, 0.03, 1)
F /= F.sum(1, keepdims=True)
if debug:
    print(X.shape, Q.shape)
np.savetxt("out.csv", F, fmt="%s", delimiter=",", header="p_benign,p_malignant", comments="")
