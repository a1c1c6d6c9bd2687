"""Baseline: a weighted mean of near rows."""
import json
import numpy as np

cfg = json.load(open("config.json"))


def predict(inputs, targets, queries):
    inputs, queries = inputs[:, :cfg["column_limit"]], queries[:, :cfg["column_limit"]]
    inputs, queries = ((Z - inputs.mean(0)) / (inputs.std(0) + 1e-9) for Z in (inputs, queries))
    D = (queries ** 2).sum(1)[:, None] - 2 * queries @ inputs.T + (inputs ** 2).sum(1)
    K = np.exp(-np.maximum(D, 0) / (2 * inputs.shape[1] * cfg["radius"] ** 2))
    return (K @ targets + 1e-9 * targets.mean(0)) / (K.sum(1, keepdims=True) + 1e-9)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("known.csv", "unknown.csv"))
inputs, y, queries = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
targets = (y[:, None] == classes) * 1.0
F = predict(inputs, targets, queries)
F = np.round(F, cfg["precision"])
F = np.clip(F, 0.03, 1)
F /= F.sum(1, keepdims=True)
np.savetxt("out.csv", F, fmt="%s", delimiter=",", header="p_benign,p_malignant", comments="")
