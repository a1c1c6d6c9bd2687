"""A vote of near rows, a first try."""
import json
import numpy as np

cfg = json.load(open("config.json"))


def predict(inputs, targets, queries):
    if cfg["normalise"]:
        inputs, queries = ((Z - inputs.mean(0)) / (inputs.std(0) + 1e-9) for Z in (inputs, queries))
    D = (queries ** 2).sum(1)[:, None] - 2 * queries @ inputs.T + (inputs ** 2).sum(1)
    near = np.argsort(D, axis=1)[:, :cfg["nearest"]]
    return targets[near].mean(1)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("labelled.csv", "unlabelled.csv"))
inputs, y, queries = train[:, :-1].astype(float), train[:, -1], test.astype(float)
targets = y.astype(float)[:, None]
F = predict(inputs, targets, queries)
np.savetxt("answer.csv", F, fmt="%s", delimiter=",", header="loaf_volume", comments="")
