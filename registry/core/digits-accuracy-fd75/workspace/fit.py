# random features and ridge
import json
import numpy as np

cfg = json.load(open("config.json"))


def predict(known, target, new):
    known, new = ((Z - known.mean(0)) / (known.std(0) + 1e-9) for Z in (known, new))
    rng = np.random.default_rng(99)
    W = rng.normal(size=(known.shape[1], cfg["hidden"])) / known.shape[1] ** 0.5
    shift = rng.uniform(0, 6.28, size=cfg["hidden"])
    U, V = np.cos(known @ W + shift), np.cos(new @ W + shift)
    base = target.mean(0)
    coef = np.linalg.solve(U.T @ U + cfg["l2"] * np.eye(cfg["hidden"]), U.T @ (target - base))
    return base + V @ coef


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
known, y, new = train[:, 1:].astype(float), train[:, 0], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new)
np.savetxt("out.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="class", comments="")
