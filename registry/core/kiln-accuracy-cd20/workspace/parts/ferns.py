import numpy as np


def predict(X, Y, X_test, cfg):
    rng = np.random.default_rng(18)
    F, G = (np.tile(Y.mean(0), (len(Z), 1)) for Z in (X, X_test))
    for _ in range(cfg["stages"]):
        cols = rng.integers(X.shape[1], size=cfg["max_depth"])
        cut = X[rng.integers(len(X), size=cfg["max_depth"]), cols]
        a, b = ((Z[:, cols] > cut) @ 2 ** np.arange(cfg["max_depth"]) for Z in (X, X_test))
        H = (a[:, None] == np.arange(2 ** cfg["max_depth"])) * 1.0
        step = cfg["rate"] * H.T @ (Y - F) / (H.sum(0)[:, None] + 2)
        F, G = F + step[a], G + step[b]
    return G
