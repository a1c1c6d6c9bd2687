import numpy as np


def predict(X, Y, X_test, cfg):
    X, X_test = X[:, :cfg["use_columns"]], X_test[:, :cfg["use_columns"]]
    both = np.vstack([X, X_test])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    if cfg["add_squares"]:
        both = np.hstack([both, both ** 2])
    U, V = np.split(np.hstack([both, np.ones((len(both), 1))]), [len(X)])
    W = np.zeros((U.shape[1], Y.shape[1]))
    def squash(Z):
        Z = np.exp(Z - Z.max(1, keepdims=True))
        return Z / Z.sum(1, keepdims=True)
    for _ in range(cfg["n_epochs"]):
        W -= cfg["rate"] * U.T @ (squash(U @ W) - Y) / len(U)
    return squash(V @ W)
