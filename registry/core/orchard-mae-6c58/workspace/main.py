# gradient descent
import configparser
import json
import numpy as np

ini = configparser.ConfigParser(inline_comment_prefixes="#;")
ini.read("run.ini")
cfg = {name: json.loads(value) for name, value in ini["fit"].items()}


def predict(A, T, B):
    gap = np.nanmean(A, 0) if cfg["impute_gaps"] else 0.0
    A, B = (np.where(np.isnan(Z), gap, Z) for Z in (A, B))
    both = np.vstack([A, B])
    both = (both - both.mean(0)) / (both.std(0) + 1e-9)
    if cfg["squared"]:
        both = np.hstack([both, both ** 2])
    U, V = np.split(np.hstack([both, np.ones((len(both), 1))]), [len(A)])
    W = np.zeros((U.shape[1], T.shape[1]))
    base = T.mean(0)
    for _ in range(cfg["n_epochs"]):
        W -= cfg["rate"] * U.T @ (U @ W + base - T) / len(U)
    return base + V @ W


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("past.csv", "next.csv"))
A, y, B = train[:, :-1].astype(float), train[:, -1], test.astype(float)
T = y.astype(float)[:, None]
if cfg["use_log"]:
    T = np.log1p(T)
F = predict(A, T, B)
if cfg["use_log"]:
    F = np.expm1(F)
np.savetxt("submission.csv", F, fmt="%s", delimiter=",", header="fruit_kg", comments="")
