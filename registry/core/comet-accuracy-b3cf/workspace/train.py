"""Random cosine features, a first try."""
import numpy as np
import settings as cfg


def predict(inputs, targets, queries):
    if cfg.standardise:
        inputs, queries = ((Z - inputs.mean(0)) / (inputs.std(0) + 1e-9) for Z in (inputs, queries))
    rng = np.random.default_rng(62)
    W = rng.normal(size=(inputs.shape[1], cfg.units)) / inputs.shape[1] ** 0.5
    shift = rng.uniform(0, 6.28, size=cfg.units)
    U, V = np.cos(inputs @ W + shift), np.cos(queries @ W + shift)
    base = targets.mean(0)
    coef = np.linalg.solve(U.T @ U + cfg.shrinkage * np.eye(cfg.units), U.T @ (targets - base))
    return base + V @ coef

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
inputs, y, queries = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
targets = (y[:, None] == classes) * 1.0
F = predict(inputs, targets, queries)
np.savetxt("out.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="status", comments="")
