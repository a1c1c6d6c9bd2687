import numpy as np


def predict(X, Y, X_test, cfg):
    X, X_test = X[:, :cfg.column_limit], X_test[:, :cfg.column_limit]
    X, X_test = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, X_test))
    D = (X_test ** 2).sum(1)[:, None] - 2 * X_test @ X.T + (X ** 2).sum(1)
    near = np.argsort(D, axis=1)[:, :cfg.nearest]
    return Y[near].mean(1)
