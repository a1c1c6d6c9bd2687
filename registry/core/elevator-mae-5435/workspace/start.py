# a sum of step curves
import configparser
import json
import numpy as np

ini = configparser.ConfigParser(inline_comment_prefixes="#;")
ini.read("settings.ini")
cfg = {name: json.loads(value) for name, value in ini["model"].items()}


def predict(inputs, targets, queries):
    inputs, targets = inputs[:cfg["row_limit"]], targets[:cfg["row_limit"]]
    gap = np.nanmean(inputs, 0) if cfg["impute"] else 0.0
    inputs, queries = (np.where(np.isnan(Z), gap, Z) for Z in (inputs, queries))
    F, G = (np.tile(targets.mean(0), (len(U), 1)) for U in (inputs, queries))
    for j in list(range(inputs.shape[1])) * cfg["rounds"]:
        edges = np.quantile(inputs[:, j], np.linspace(0, 1, cfg["buckets"] + 1)[1:-1])
        a, b = np.searchsorted(edges, inputs[:, j]), np.searchsorted(edges, queries[:, j])
        H = (a[:, None] == np.arange(cfg["buckets"])) * 1.0
        step = cfg["step_size"] * H.T @ (targets - F) / (H.sum(0)[:, None] + 1)
        F, G = F + step[a], G + step[b]
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
inputs, y, queries = train[:, :-1].astype(float), train[:, -1], test.astype(float)
targets = y.astype(float)[:, None]
if cfg["log_target"]:
    targets = np.log1p(targets)
F = predict(inputs, targets, queries)
if cfg["log_target"]:
    F = np.expm1(F)
if cfg["debug"]:
    print(inputs.shape, queries.shape)
np.savetxt("answer.csv", F, fmt="%s", delimiter=",", header="wait_s", comments="")
