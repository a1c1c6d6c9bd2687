"""Random features and ridge, a first try."""
import os
import numpy as np
import knobs as cfg


def predict(X, Y, X_test):
    X, X_test = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, X_test))
    rng = np.random.default_rng(int(os.environ.get("SEED", 0)))
    W = rng.normal(size=(X.shape[1], cfg.n_units)) / X.shape[1] ** 0.5
    shift = rng.uniform(0, 6.28, size=cfg.n_units)
    U, V = np.cos(X @ W + shift), np.cos(X_test @ W + shift)
    base = Y.mean(0)
    coef = np.linalg.solve(U.T @ U + cfg.l2 * np.eye(cfg.n_units), U.T @ (Y - base))
    return base + V @ coef

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
X, y, X_test = train[:, :-1].astype(float), train[:, -1], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, X_test)
if cfg.debug:
    print(X.shape, X_test.shape)
np.savetxt("submission.csv", F, fmt="%s", delimiter=",", header="bitterness", comments="")
