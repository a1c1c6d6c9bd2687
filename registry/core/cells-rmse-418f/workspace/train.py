"""Baseline: binned means."""
import configparser
import json
import numpy as np

ini = configparser.ConfigParser(inline_comment_prefixes="#;")
ini.read("model.ini")
cfg = {name: json.loads(value) for name, value in ini["fit"].items()}


def predict(X, Y, X_test):
    X, X_test = X[:, :cfg["column_limit"]], X_test[:, :cfg["column_limit"]]
    F, G = (np.tile(Y.mean(0), (len(U), 1)) for U in (X, X_test))
    for j in list(range(X.shape[1])) * cfg["rounds"]:
        edges = np.quantile(X[:, j], np.linspace(0, 1, cfg["buckets"] + 1)[1:-1])
        a, b = np.searchsorted(edges, X[:, j]), np.searchsorted(edges, X_test[:, j])
        H = (a[:, None] == np.arange(cfg["buckets"])) * 1.0
        step = cfg["rate"] * H.T @ (Y - F) / (H.sum(0)[:, None] + 1)
        F, G = F + step[a], G + step[b]
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
X, y, X_test = train[:, :-1].astype(float), train[:, -1], test.astype(float)
Y = y.astype(float)[:, None]
F = predict(X, Y, X_test)
if cfg["verbose"]:
    print(X.shape, X_test.shape)
np.savetxt("answer.csv", F, fmt="%s", delimiter=",", header="level", comments="")
