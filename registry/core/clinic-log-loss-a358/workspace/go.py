"""Boosted stumps, a first try."""
import json
import numpy as np

cfg = json.load(open("setup.json"))


def predict(known, target, new):
    known, new = known[:, :cfg["n_columns"]], new[:, :cfg["n_columns"]]
    points = np.quantile(known, np.linspace(0, 1, cfg["n_cuts"] + 2)[1:-1], axis=0)
    U, V = ((Z[:, None] > points).reshape(len(Z), -1) * 1.0 for Z in (known, new))
    F, G = (np.tile(target.mean(0), (len(Z), 1)) for Z in (known, new))
    n = U.sum(0)[:, None]
    for _ in range(cfg["n_rounds"]):
        R = target - F
        up = U.T @ R / (n + 1)
        low = (R.sum(0) - U.T @ R) / (len(known) - n + 1)
        j = (n * up ** 2 + (len(known) - n) * low ** 2).sum(1).argmax()
        F += cfg["rate"] * np.where(U[:, [j]], up[j], low[j])
        G += cfg["rate"] * np.where(V[:, [j]], up[j], low[j])
    return G


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("train.csv", "test.csv"))
known, y, new = train[:, 1:].astype(float), train[:, 0], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new)
F = np.clip(F, 0.03, 1)
F /= F.sum(1, keepdims=True)
if cfg["echo"]:
    print(known.shape, new.shape)
np.savetxt("forecast.csv", F, fmt="%s", delimiter=",", header="p_mild,p_severe", comments="")
