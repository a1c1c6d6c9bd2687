"""Nearest neighbours, a first try."""
import json
import numpy as np

cfg = json.load(open("settings.json"))


def predict(X, Y, Q):
    if cfg["rescale"]:
        X, Q = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, Q))
    D = (Q ** 2).sum(1)[:, None] - 2 * Q @ X.T + (X ** 2).sum(1)
    near = np.argsort(D, axis=1)[:, :cfg["neighbours"]]
    return Y[near].mean(1)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
X, y, Q = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, Q)
F = np.clip(F, 0.03, 1)
F /= F.sum(1, keepdims=True)
np.savetxt("answer.csv", F, fmt="%s", delimiter=",", header="p_dry,p_wet", comments="")
