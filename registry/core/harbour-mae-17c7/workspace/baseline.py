"""Random features and ridge, a first try."""
import configparser
import json
import numpy as np

ini = configparser.ConfigParser(inline_comment_prefixes="#;")
ini.read("settings.ini")
cfg = {name: json.loads(value) for name, value in ini["method"].items()}


def predict(A, T, B):
    if cfg["rescale"]:
        A, B = ((Z - A.mean(0)) / (A.std(0) + 1e-9) for Z in (A, B))
    rng = np.random.default_rng(37)
    W = rng.normal(size=(A.shape[1], cfg["hidden"])) / A.shape[1] ** 0.5
    shift = rng.uniform(0, 6.28, size=cfg["hidden"])
    U, V = np.cos(A @ W + shift), np.cos(B @ W + shift)
    base = T.mean(0)
    coef = np.linalg.solve(U.T @ U + cfg["penalty"] * np.eye(cfg["hidden"]), U.T @ (T - base))
    return base + V @ coef


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
A, y, B = train[:, :-1].astype(float), train[:, -1], test.astype(float)
T = y.astype(float)[:, None]
F = predict(A, T, B)
np.savetxt("answer.csv", F, fmt="%s", delimiter=",", header="delay_h", comments="")
