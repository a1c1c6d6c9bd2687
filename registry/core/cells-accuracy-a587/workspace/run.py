# a sum of step curves
import json
import sys
import numpy as np

pairs = [argument.split("=") for argument in sys.argv[1:]]
cfg = {name: json.loads(value) for name, value in pairs}


def predict(inputs, targets, queries):
    inputs, queries = inputs[:, :cfg["use_columns"]], queries[:, :cfg["use_columns"]]
    F, G = (np.tile(targets.mean(0), (len(U), 1)) for U in (inputs, queries))
    for j in list(range(inputs.shape[1])) * cfg["stages"]:
        edges = np.quantile(inputs[:, j], np.linspace(0, 1, cfg["buckets"] + 1)[1:-1])
        a, b = np.searchsorted(edges, inputs[:, j]), np.searchsorted(edges, queries[:, j])
        H = (a[:, None] == np.arange(cfg["buckets"])) * 1.0
        step = cfg["rate"] * H.T @ (targets - F) / (H.sum(0)[:, None] + 1)
        F, G = F + step[a], G + step[b]
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
inputs, y, queries = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
targets = (y[:, None] == classes) * 1.0
F = predict(inputs, targets, queries)
np.savetxt("submission.csv", classes[F.argmax(1)], fmt="%s", delimiter=",", header="finding", comments="")
