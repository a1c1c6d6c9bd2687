import numpy as np


def predict(X, Y, X_test, cfg):
    F, G = (np.tile(Y.mean(0), (len(U), 1)) for U in (X, X_test))
    for j in list(range(X.shape[1])) * cfg["n_rounds"]:
        edges = np.quantile(X[:, j], np.linspace(0, 1, cfg["buckets"] + 1)[1:-1])
        a, b = np.searchsorted(edges, X[:, j]), np.searchsorted(edges, X_test[:, j])
        H = (a[:, None] == np.arange(cfg["buckets"])) * 1.0
        step = cfg["learning_rate"] * H.T @ (Y - F) / (H.sum(0)[:, None] + 1)
        F, G = F + step[a], G + step[b]
    return G
