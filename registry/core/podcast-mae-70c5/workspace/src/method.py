import numpy as np


def predict(known, target, new, cfg):
    known, new = known[:, :cfg["max_columns"]], new[:, :cfg["max_columns"]]
    known, new = ((Z - known.mean(0)) / (known.std(0) + 1e-9) for Z in (known, new))
    rng = np.random.default_rng(72)
    W = rng.normal(size=(known.shape[1], cfg["n_features"])) / known.shape[1] ** 0.5
    shift = rng.uniform(0, 6.28, size=cfg["n_features"])
    U, V = np.cos(known @ W + shift), np.cos(new @ W + shift)
    base = target.mean(0)
    coef = np.linalg.solve(U.T @ U + cfg["l2"] * np.eye(cfg["n_features"]), U.T @ (target - base))
    return base + V @ coef
