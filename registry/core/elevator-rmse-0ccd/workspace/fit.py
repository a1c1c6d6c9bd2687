"""Random ferns, a first try."""
import configparser
import json
import os
import numpy as np

ini = configparser.ConfigParser(inline_comment_prefixes="#;")
ini.read("config.ini")
cfg = {name: json.loads(value) for name, value in ini["model"].items()}


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
               for name in ("labelled.csv", "unlabelled.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
target = y.astype(float)[:, None]
F = predict(known, target, new)
if cfg["echo"]:
    print(known.shape, new.shape)
np.savetxt("predictions.csv", F, fmt="%s", delimiter=",", header="wait_s", comments="")
