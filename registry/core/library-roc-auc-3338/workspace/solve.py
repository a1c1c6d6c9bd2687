"""Baseline: random features and ridge."""
import numpy as np
import options as cfg


def predict(inputs, targets, queries):
    inputs, queries = inputs[:, :cfg.column_limit], queries[:, :cfg.column_limit]
    inputs, queries = ((Z - inputs.mean(0)) / (inputs.std(0) + 1e-9) for Z in (inputs, queries))
    rng = np.random.default_rng(20)
    W = rng.normal(size=(inputs.shape[1], cfg.n_units)) / inputs.shape[1] ** 0.5
    shift = rng.uniform(0, 6.28, size=cfg.n_units)
    U, V = np.cos(inputs @ W + shift), np.cos(queries @ W + shift)
    base = targets.mean(0)
    coef = np.linalg.solve(U.T @ U + cfg.weight_penalty * np.eye(cfg.n_units), U.T @ (targets - base))
    return base + V @ coef

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("seen.csv", "unseen.csv"))
inputs, y, queries = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
targets = (y[:, None] == classes) * 1.0
F = predict(inputs, targets, queries)
np.savetxt("forecast.csv", F[:, 1], fmt="%s", delimiter=",", header="p_shelved", comments="")
