import numpy as np


def predict(inputs, targets, queries, cfg):
    if cfg["standardise"]:
        inputs, queries = ((Z - inputs.mean(0)) / (inputs.std(0) + 1e-9) for Z in (inputs, queries))
    rng = np.random.default_rng(44)
    W = rng.normal(size=(inputs.shape[1], cfg["units"])) / inputs.shape[1] ** 0.5
    shift = rng.uniform(0, 6.28, size=cfg["units"])
    U, V = np.cos(inputs @ W + shift), np.cos(queries @ W + shift)
    base = targets.mean(0)
    coef = np.linalg.solve(U.T @ U + cfg["l2_penalty"] * np.eye(cfg["units"]), U.T @ (targets - base))
    return base + V @ coef
