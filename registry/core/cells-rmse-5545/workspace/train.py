# ridge regression
import json
import numpy as np

cfg = json.load(open("config.json"))


def predict(X, Y, Q):
    both = np.vstack([X, Q])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    parts = [both ** p for p in range(1, cfg["degree"] + 1)]
    both = np.hstack(parts)
    U, V = np.split(both - both[:len(X)].mean(0), [len(X)])
    base = Y.mean(0)
    W = np.linalg.solve(U.T @ U + cfg["ridge"] * np.eye(U.shape[1]), U.T @ (Y - base))
    return base + V @ W


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
X, y, Q = train[:, :-1].astype(float), train[:, -1], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, Q)
F = np.round(F, cfg["decimals"])
np.savetxt("answer.csv", F, fmt="%s", delimiter=",", header="level", comments="")
