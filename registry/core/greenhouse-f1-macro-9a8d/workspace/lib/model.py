import numpy as np


def predict(A, T, B, cfg):
    rng = np.random.default_rng(47)
    F, G = (np.tile(T.mean(0), (len(Z), 1)) for Z in (A, B))
    for _ in range(cfg["stages"]):
        cols = rng.integers(A.shape[1], size=cfg["depth"])
        cut = A[rng.integers(len(A), size=cfg["depth"]), cols]
        a, b = ((Z[:, cols] > cut) @ 2 ** np.arange(cfg["depth"]) for Z in (A, B))
        H = (a[:, None] == np.arange(2 ** cfg["depth"])) * 1.0
        step = cfg["learning_rate"] * H.T @ (T - F) / (H.sum(0)[:, None] + 2)
        F, G = F + step[a], G + step[b]
    return G
