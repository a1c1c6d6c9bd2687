# a vote of near rows
import json
import numpy as np

cfg = json.load(open("params.json"))


def predict(known, target, new):
    known, new = known[:, :cfg["max_columns"]], new[:, :cfg["max_columns"]]
    known, new = ((Z - known.mean(0)) / (known.std(0) + 1e-9) for Z in (known, new))
    D = (new ** 2).sum(1)[:, None] - 2 * new @ known.T + (known ** 2).sum(1)
    near = np.argsort(D, axis=1)[:, :cfg["nearest"]]
    return target[near].mean(1)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new)
F = np.round(F, cfg["decimals"])
F = np.clip(F, 0.03, 1)
F /= F.sum(1, keepdims=True)
np.savetxt("predictions.csv", F, fmt="%s", delimiter=",", header="p_clear,p_suspect", comments="")
