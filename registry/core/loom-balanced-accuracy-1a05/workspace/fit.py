# binned means
import configparser
import json
import numpy as np

ini = configparser.ConfigParser(inline_comment_prefixes="#;")
ini.read("settings.ini")
cfg = {name: json.loads(value) for name, value in ini["fit"].items()}


def predict(A, T, B):
    A, B = A[:, :cfg["max_columns"]], B[:, :cfg["max_columns"]]
    F, G = (np.tile(T.mean(0), (len(U), 1)) for U in (A, B))
    for j in list(range(A.shape[1])) * cfg["stages"]:
        edges = np.quantile(A[:, j], np.linspace(0, 1, cfg["buckets"] + 1)[1:-1])
        a, b = np.searchsorted(edges, A[:, j]), np.searchsorted(edges, B[:, j])
        H = (a[:, None] == np.arange(cfg["buckets"])) * 1.0
        step = cfg["learning_rate"] * H.T @ (T - F) / (H.sum(0)[:, None] + 1)
        F, G = F + step[a], G + step[b]
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
A, y, B = train[:, 1:].astype(float), train[:, 0], test.astype(float)
classes = np.unique(y)
T = (y[:, None] == classes) * 1.0
F = predict(A, T, B)
F = np.round(F, cfg["precision"])
if cfg["reweight"]:
    F = F / T.mean(0)
np.savetxt("out.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="state", comments="")
