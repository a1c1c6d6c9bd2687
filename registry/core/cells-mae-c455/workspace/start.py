"""A weighted mean of near rows, a first try."""
import json
import sys
import numpy as np

pairs = [argument.split("=") for argument in sys.argv[1:]]
cfg = {name: json.loads(value) for name, value in pairs}


def predict(known, target, new):
    known, new = known[:, :cfg["column_limit"]], new[:, :cfg["column_limit"]]
    known, new = ((Z - known.mean(0)) / (known.std(0) + 1e-9) for Z in (known, new))
    D = (new ** 2).sum(1)[:, None] - 2 * new @ known.T + (known ** 2).sum(1)
    K = np.exp(-np.maximum(D, 0) / (2 * known.shape[1] * cfg["radius"] ** 2))
    return (K @ target + 1e-9 * target.mean(0)) / (K.sum(1, keepdims=True) + 1e-9)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
target = y.astype(float)[:, None]
F = predict(known, target, new)
np.savetxt("submission.csv", F, fmt="%s", delimiter=",", header="measure", comments="")
