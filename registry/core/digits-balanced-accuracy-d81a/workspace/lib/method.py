import numpy as np


def predict(X, Y, X_test, cfg):
    X, X_test = X[:, :cfg["max_columns"]], X_test[:, :cfg["max_columns"]]
    both = np.vstack([X, X_test])
    X, X_test = np.split((both - both.mean(0)) / (both.std(0) + 1e-9), [len(X)])
    F = np.zeros((len(X_test), Y.shape[1]))
    for c in range(Y.shape[1]):
        Z = X[Y[:, c] > 0]
        var = Z.var(0) + cfg["smooth"]
        F[:, c] = np.log(len(Z)) - ((X_test - Z.mean(0)) ** 2 / var + np.log(var)).sum(1) / 2
    F = np.exp(F - F.max(1, keepdims=True))
    return F / F.sum(1, keepdims=True)
