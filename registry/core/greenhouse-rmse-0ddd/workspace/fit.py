# random ferns
import configparser
import json
import os
import numpy as np

ini = configparser.ConfigParser(inline_comment_prefixes="#;")
ini.read("model.ini")
cfg = {name: json.loads(value) for name, value in ini["fit"].items()}


def predict(known, target, new):
    rng = np.random.default_rng(int(os.environ.get("SEED", 0)))
    F, G = (np.tile(target.mean(0), (len(Z), 1)) for Z in (known, new))
    for _ in range(cfg["stages"]):
        cols = rng.integers(known.shape[1], size=cfg["levels"])
        cut = known[rng.integers(len(known), size=cfg["levels"]), cols]
        a, b = ((Z[:, cols] > cut) @ 2 ** np.arange(cfg["levels"]) for Z in (known, new))
        H = (a[:, None] == np.arange(2 ** cfg["levels"])) * 1.0
        step = cfg["learning_rate"] * H.T @ (target - F) / (H.sum(0)[:, None] + 2)
        F, G = F + step[a], G + step[b]
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
known, y, new = train[:, 1:].astype(float), train[:, 0], test.astype(float)
target = y.astype(float)[:, None]
F = predict(known, target, new)
np.savetxt("predictions.csv", F, fmt="%s", delimiter=",", header="yield_kg", comments="")
