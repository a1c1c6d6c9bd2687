# random features and ridge
import numpy as np
import config as cfg


def predict(A, T, B):
    if cfg.standardise:
        A, B = ((Z - A.mean(0)) / (A.std(0) + 1e-9) for Z in (A, B))
    rng = np.random.default_rng(30)
    W = rng.normal(size=(A.shape[1], cfg.units)) / A.shape[1] ** 0.5
    shift = rng.uniform(0, 6.28, size=cfg.units)
    U, V = np.cos(A @ W + shift), np.cos(B @ W + shift)
    base = T.mean(0)
    coef = np.linalg.solve(U.T @ U + cfg.ridge * np.eye(cfg.units), U.T @ (T - base))
    return base + V @ coef

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
A, y, B = train[:, :-1].astype(float), train[:, -1], test.astype(float)
T = y.astype(float)[:, None]
F = predict(A, T, B)
np.savetxt("predictions.csv", F, fmt="%s", delimiter=",", header="output_kw", comments="")
