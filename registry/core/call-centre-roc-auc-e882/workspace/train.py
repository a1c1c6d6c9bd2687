"""Baseline: nearest neighbours."""
import numpy as np

params = {
    "nearest": 1,         # how many neighbours count
    "standardise": True,  # same scale for all columns
    "fill_means": False,  # fill gaps with means, not 0
    "use_columns": 1,     # columns used
}


def predict(known, target, new):
    known, new = known[:, :params["use_columns"]], new[:, :params["use_columns"]]
    gap = np.nanmean(known, 0) if params["fill_means"] else 0.0
    known, new = (np.where(np.isnan(Z), gap, Z) for Z in (known, new))
    if params["standardise"]:
        known, new = ((Z - known.mean(0)) / (known.std(0) + 1e-9) for Z in (known, new))
    D = (new ** 2).sum(1)[:, None] - 2 * new @ known.T + (known ** 2).sum(1)
    near = np.argsort(D, axis=1)[:, :params["nearest"]]
    return target[near].mean(1)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("fit.csv", "score.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new)
np.savetxt("predictions.csv", F[:, 1], fmt="%s", delimiter=",", header="p_content", comments="")
