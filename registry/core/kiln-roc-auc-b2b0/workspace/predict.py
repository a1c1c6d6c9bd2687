"""Baseline: a kernel smoother."""
import numpy as np

options = {
    "kernel_width": 30.0,
    "column_limit": 2,
}


def predict(known, target, new):
    known, new = known[:, :options["column_limit"]], new[:, :options["column_limit"]]
    known, new = ((Z - known.mean(0)) / (known.std(0) + 1e-9) for Z in (known, new))
    D = (new ** 2).sum(1)[:, None] - 2 * new @ known.T + (known ** 2).sum(1)
    K = np.exp(-np.maximum(D, 0) / (2 * known.shape[1] * options["kernel_width"] ** 2))
    return (K @ target + 1e-9 * target.mean(0)) / (K.sum(1, keepdims=True) + 1e-9)


train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)
               for name in ("seen.csv", "unseen.csv"))
known, y, new = train[:, :-1].astype(float), train[:, -1], test.astype(float)
classes = np.unique(y)
target = (y[:, None] == classes) * 1.0
F = predict(known, target, new)
np.savetxt("forecast.csv", F[:, 1], fmt="%s", delimiter=",", header="p_whole", comments="")
