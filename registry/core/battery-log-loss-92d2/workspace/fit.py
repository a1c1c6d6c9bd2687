# small random trees
import configparser
import json
import numpy as np

ini = configparser.ConfigParser(inline_comment_prefixes="#;")
ini.read("settings.ini")
cfg = {name: json.loads(value) for name, value in ini["fit"].items()}


def predict(X, Y, Q):
    X, Y = X[:cfg["row_limit"]], Y[:cfg["row_limit"]]
    gap = np.nanmean(X, 0) if cfg["fill_means"] else 0.0
    X, Q = (np.where(np.isnan(Z), gap, Z) for Z in (X, Q))
    rng = np.random.default_rng(69)
    F, G = (np.tile(Y.mean(0), (len(Z), 1)) for Z in (X, Q))
    for _ in range(cfg["rounds"]):
        cols = rng.integers(X.shape[1], size=cfg["depth"])
        cut = X[rng.integers(len(X), size=cfg["depth"]), cols]
        a, b = ((Z[:, cols] > cut) @ 2 ** np.arange(cfg["depth"]) for Z in (X, Q))
        H = (a[:, None] == np.arange(2 ** cfg["depth"])) * 1.0
        step = cfg["learning_rate"] * H.T @ (Y - F) / (H.sum(0)[:, None] + 2)
        F, G = F + step[a], G + step[b]
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
X, y, Q = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
Y = (y[:, None] == classes) * 1.0
F = predict(X, Y, Q)
F = np.round(F, cfg["decimals"])
F = np.clip(F, 0.03, 1)
F /= F.sum(1, keepdims=True)
np.savetxt("answer.csv", F, fmt="%s", delimiter=",", header="p_good,p_worn", comments="")
