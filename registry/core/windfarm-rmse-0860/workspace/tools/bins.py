import numpy as np


def predict(A, T, B, cfg):
    F, G = (np.tile(T.mean(0), (len(U), 1)) for U in (A, B))
    for j in list(range(A.shape[1])) * cfg["n_rounds"]:
        edges = np.quantile(A[:, j], np.linspace(0, 1, cfg["n_bins"] + 1)[1:-1])
        a, b = np.searchsorted(edges, A[:, j]), np.searchsorted(edges, B[:, j])
        H = (a[:, None] == np.arange(cfg["n_bins"])) * 1.0
        step = cfg["rate"] * H.T @ (T - F) / (H.sum(0)[:, None] + 1)
        F, G = F + step[a], G + step[b]
    return G
