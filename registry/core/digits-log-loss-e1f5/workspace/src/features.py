import numpy as np


def predict(X, Y, X_test, cfg):
    X, X_test = X[:, :cfg["max_columns"]], X_test[:, :cfg["max_columns"]]
    X, X_test = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, X_test))
    rng = np.random.default_rng(87)
    W = rng.normal(size=(X.shape[1], cfg["hidden"])) / X.shape[1] ** 0.5
    shift = rng.uniform(0, 6.28, size=cfg["hidden"])
    U, V = np.cos(X @ W + shift), np.cos(X_test @ W + shift)
    base = Y.mean(0)
    coef = np.linalg.solve(U.T @ U + cfg["l2"] * np.eye(cfg["hidden"]), U.T @ (Y - base))
    return base + V @ coef
