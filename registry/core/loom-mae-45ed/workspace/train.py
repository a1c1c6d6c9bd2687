"""Binned means, a first try."""
import configparser
import json
import numpy as np

ini = configparser.ConfigParser(inline_comment_prefixes="#;")
ini.read("model.ini")
cfg = {name: json.loads(value) for name, value in ini["method"].items()}


def predict(X, Y, Q):
    gap = np.nanmean(X, 0) if cfg["impute"] else 0.0
    X, Q = (np.where(np.isnan(Z), gap, Z) for Z in (X, Q))
    F, G = (np.tile(Y.mean(0), (len(U), 1)) for U in (X, Q))
    for j in list(range(X.shape[1])) * cfg["stages"]:
        edges = np.quantile(X[:, j], np.linspace(0, 1, cfg["buckets"] + 1)[1:-1])
        a, b = np.searchsorted(edges, X[:, j]), np.searchsorted(edges, Q[:, j])
        H = (a[:, None] == np.arange(cfg["buckets"])) * 1.0
        step = cfg["step_size"] * H.T @ (Y - F) / (H.sum(0)[:, None] + 1)
        F, G = F + step[a], G + step[b]
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
X, y, Q = train[:, :-1].astype(float), train[:, -1], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, Q)
np.savetxt("out.csv", F, fmt="%s", delimiter=",", header="strength", comments="")
