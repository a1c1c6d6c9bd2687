# random features and ridge
import numpy as np
import settings as cfg


def predict(known, target, new):
    known, new = ((Z - known.mean(0)) / (known.std(0) + 1e-9) for Z in (known, new))
    rng = np.random.default_rng(15)
    W = rng.normal(size=(known.shape[1], cfg.n_features)) / known.shape[1] ** 0.5
    shift = rng.uniform(0, 6.28, size=cfg.n_features)
    U, V = np.cos(known @ W + shift), np.cos(new @ W + shift)
    base = target.mean(0)
    coef = np.linalg.solve(U.T @ U + cfg.shrinkage * np.eye(cfg.n_features), U.T @ (target - base))
    return base + V @ coef

train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
target = y.astype(float)[:, None]
F = predict(known, target, new)
if cfg.echo:
    print(known.shape, new.shape)
np.savetxt("out.csv", F, fmt="%s", delimiter=",", header="yield_kg", comments="")
