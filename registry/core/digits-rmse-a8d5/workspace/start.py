# a kernel smoother
import numpy as np

use_columns = 2   # columns used
bandwidth = 30.0  # width of the kernel


def predict(X, Y, X_test):
    X, X_test = X[:, :use_columns], X_test[:, :use_columns]
    X, X_test = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, X_test))
    D = (X_test ** 2).sum(1)[:, None] - 2 * X_test @ X.T + (X ** 2).sum(1)
    K = np.exp(-np.maximum(D, 0) / (2 * X.shape[1] * bandwidth ** 2))
    return (K @ Y + 1e-9 * Y.mean(0)) / (K.sum(1, keepdims=True) + 1e-9)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
X, y, X_test = train[:, :-1].astype(float), train[:, -1], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, X_test)
np.savetxt("answer.csv", F, fmt="%s", delimiter=",", header="ink", comments="")
