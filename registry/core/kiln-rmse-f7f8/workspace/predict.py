"""A sum of step curves, a first try."""
import json
import numpy as np

lines = [line.split("#")[0].split(":") for line in open("options.yml")]
cfg = {name: json.loads(value) for name, value in lines}


def predict(inputs, targets, queries):
    F, G = (np.tile(targets.mean(0), (len(U), 1)) for U in (inputs, queries))
    for j in list(range(inputs.shape[1])) * cfg["steps"]:
        edges = np.quantile(inputs[:, j], np.linspace(0, 1, cfg["bins"] + 1)[1:-1])
        a, b = np.searchsorted(edges, inputs[:, j]), np.searchsorted(edges, queries[:, j])
        H = (a[:, None] == np.arange(cfg["bins"])) * 1.0
        step = cfg["step_size"] * H.T @ (targets - F) / (H.sum(0)[:, None] + 1)
        F, G = F + step[a], G + step[b]
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("past.csv", "next.csv"))
inputs, y, queries = train[:, 1:].astype(float), train[:, 0], test.astype(float)
targets = y.astype(float)[:, None]
F = predict(inputs, targets, queries)
np.savetxt("submission.csv", F, fmt="%s", delimiter=",", header="shrinkage", comments="")
