"""Baseline: a weighted mean of near rows."""
import json
import numpy as np

lines = [line.split("#")[0].split(":") for line in open("settings.yaml")]
cfg = {name: json.loads(value) for name, value in lines}


def predict(X, Y, Q):
    X, Q = X[:, :cfg["n_columns"]], Q[:, :cfg["n_columns"]]
    X, Q = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, Q))
    D = (Q ** 2).sum(1)[:, None] - 2 * Q @ X.T + (X ** 2).sum(1)
    K = np.exp(-np.maximum(D, 0) / (2 * X.shape[1] * cfg["kernel_width"] ** 2))
    return (K @ Y + 1e-9 * Y.mean(0)) / (K.sum(1, keepdims=True) + 1e-9)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("seen.csv", "unseen.csv"))
X, y, Q = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, Q)
F = np.round(F, cfg["n_digits"])
np.savetxt("result.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="class", comments="")
