# a sum of step curves
import configparser
import json
import numpy as np

ini = configparser.ConfigParser(inline_comment_prefixes="#;")
ini.read("run.ini")
cfg = {name: json.loads(value) for name, value in ini["fit"].items()}


def predict(A, T, B):
    gap = np.nanmean(A, 0) if cfg["impute_gaps"] else 0.0
    A, B = (np.where(np.isnan(Z), gap, Z) for Z in (A, B))
    F, G = (np.tile(T.mean(0), (len(U), 1)) for U in (A, B))
    for j in list(range(A.shape[1])) * cfg["steps"]:
        edges = np.quantile(A[:, j], np.linspace(0, 1, cfg["bins"] + 1)[1:-1])
        a, b = np.searchsorted(edges, A[:, j]), np.searchsorted(edges, B[:, j])
        H = (a[:, None] == np.arange(cfg["bins"])) * 1.0
        step = cfg["step_rate"] * H.T @ (T - F) / (H.sum(0)[:, None] + 1)
        F, G = F + step[a], G + step[b]
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("past.csv", "next.csv"))
A, y, B = train[:, 1:].astype(float), train[:, 0], test.astype(float)
T = y.astype(float)[:, None]
F = predict(A, T, B)
if cfg["chatty"]:
    print(A.shape, B.shape)
np.savetxt("forecast.csv", F, fmt="%s", delimiter=",", header="fruit_kg", comments="")
