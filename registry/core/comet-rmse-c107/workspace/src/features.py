import numpy as np


def predict(A, T, B, cfg):
    if cfg["standardise"]:
        A, B = ((Z - A.mean(0)) / (A.std(0) + 1e-9) for Z in (A, B))
    rng = np.random.default_rng(91)
    W = rng.normal(size=(A.shape[1], cfg["n_features"])) / A.shape[1] ** 0.5
    shift = rng.uniform(0, 6.28, size=cfg["n_features"])
    U, V = np.cos(A @ W + shift), np.cos(B @ W + shift)
    base = T.mean(0)
    coef = np.linalg.solve(U.T @ U + cfg["l2"] * np.eye(cfg["n_features"]), U.T @ (T - base))
    return base + V @ coef
