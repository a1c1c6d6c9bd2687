import numpy as np


def predict(X, Y, Q, cfg):
    X, Q = X[:, :cfg.column_limit], Q[:, :cfg.column_limit]
    gap = np.nanmean(X, 0) if cfg.fill_means else 0.0
    X, Q = (np.where(np.isnan(Z), gap, Z) for Z in (X, Q))
    X, Q = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, Q))
    rng = np.random.default_rng(17)
    W = rng.normal(size=(X.shape[1], cfg.n_features)) / X.shape[1] ** 0.5
    shift = rng.uniform(0, 6.28, size=cfg.n_features)
    U, V = np.cos(X @ W + shift), np.cos(Q @ W + shift)
    base = Y.mean(0)
    coef = np.linalg.solve(U.T @ U + cfg.shrinkage * np.eye(cfg.n_features), U.T @ (Y - base))
    return base + V @ coef
